/* Looks at the page as laid out: what overlaps, what sticks out, what is hard to read. Run by the tests, never shipped. */
(() => {
  const clipped = (rect, element) => {
    let { left, top, right, bottom } = rect;
    for (let above = element; above; above = above.parentElement) {
      const style = getComputedStyle(above);
      if (style.overflowX !== "visible" || style.overflowY !== "visible") {
        const box = above.getBoundingClientRect();
        left = Math.max(left, box.left); right = Math.min(right, box.right);
        top = Math.max(top, box.top); bottom = Math.min(bottom, box.bottom);
      }
    }
    return { left, top, right, bottom };
  };
  const texts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!node.data.trim() || !parent.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
      if (parent.closest(".skip, svg")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        const box = clipped(rect, parent);
        if (box.right - box.left > 1 && box.bottom - box.top > 1) found.push({ ...box, node, parent, text: node.data.trim() });
      }
    }
    return found;
  };
  const overlaps = (tolerance = 3) => {
    const all = texts().sort((one, other) => one.top - other.top);
    const found = [];
    all.forEach((one, index) => {
      for (let next = index + 1; next < all.length && all[next].top < one.bottom - tolerance; next++) {
        const other = all[next];
        if (other.node === one.node) continue;
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (wide > 1 && high > tolerance) found.push(`"${one.text.slice(0, 50)}" and "${other.text.slice(0, 50)}"`);
      }
    });
    for (const parent of document.querySelectorAll("body *")) {
      const boxes = [...parent.children].filter((child) => {
        const style = getComputedStyle(child);
        return style.position === "static" && !style.display.startsWith("inline") && style.display !== "contents"
          && !(child instanceof SVGElement && child.ownerSVGElement) && child.checkVisibility({ contentVisibilityAuto: true });
      }).map((child) => [child, child.getBoundingClientRect()]).filter(([, box]) => box.width > 1 && box.height > 1);
      boxes.forEach(([one, a], index) => boxes.slice(index + 1).forEach(([other, b]) => {
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1.5) {
          found.push(`<${one.tagName} ${one.className}> and <${other.tagName} ${other.className}>`);
        }
      }));
    }
    return found;
  };
  const sticking_out = () => {
    const width = document.documentElement.clientWidth;
    const found = texts().filter((one) => one.right > width + 1 || one.left < -1).map((one) => one.text.slice(0, 80));
    if (document.documentElement.scrollWidth > width) found.push(`page is ${document.documentElement.scrollWidth} wide`);
    return found;
  };
  const numbers = (colour) => {
    const found = colour.match(/[\d.]+/g).map(Number);
    return colour.startsWith("color(") ? [...found.slice(0, 3).map((part) => part * 255), found[3] ?? 1] : [...found.slice(0, 3), found[3] ?? 1];
  };
  const over = (front, back) => front.slice(0, 3).map((part, index) => part * front[3] + back[index] * (1 - front[3]));
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    const layers = [];
    for (let above = element; above; above = above.parentElement) {
      const colour = numbers(getComputedStyle(above).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255]);
  };
  const hard_to_read = (least) => {
    const found = new Map();
    for (const { parent, text } of texts()) {
      const back = background(parent);
      const front = over(numbers(getComputedStyle(parent).color), back);
      const [light, dark] = [luminance(front), luminance(back)].sort((one, other) => other - one);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < least) found.set(`${parent.className || parent.tagName} ${ratio.toFixed(2)}`, text.slice(0, 40));
    }
    return [...found].map(([what, text]) => `${what}: ${text}`);
  };
  return { overlaps, sticking_out, hard_to_read, count: () => texts().length };
})()
