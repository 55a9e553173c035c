"""The layer table of ARCHITECTURE.md, kept by reading every import in the package."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "stashbench"

LAYERS = {
    "errors": 0,
    "model": 0,
    "config": 1,
    "sqlite": 1,
    "stash": 2,
    "collect": 2,
    "store": 2,
    "embedded": 2,
    "target": 2,
    "analyse": 3,
    "recommend": 3,
    "report": 4,
    "export": 4,
    "audit": 5,
    "compare": 5,
    "harness": 5,
    "suites": 6,
    "plugin": 6,
    "cli": 6,
    "__main__": 6,
}

ALLOWED_IN = {
    "gql": {"stash"},
    "graphql": {"stash", "embedded"},
    "sqlite_utils": {"store"},
    "apsw": {"embedded", "sqlite"},
    "jinja2": {"report"},
    "markupsafe": {"report"},
    "strawberry": {"embedded"},
    "uvicorn": {"embedded"},
    "starlette": {"embedded"},
    "psutil": {"collect"},
    "pytest": {"plugin", "harness"},
    "rich": {"cli", "harness"},
    "click": {"cli"},
}

PURE = {"analyse", "recommend"}
DOES_IO = {
    "os",
    "socket",
    "subprocess",
    "sqlite3",
    "pathlib",
    "http",
    "urllib",
    "time",
    "tempfile",
    "shutil",
    "asyncio",
}


def modules():
    return sorted(path for path in PACKAGE.rglob("*.py") if "_suites" not in path.parts)


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports_of(path: Path) -> set[str]:
    """All imported modules, at the top and inside functions; TYPE_CHECKING blocks count too."""
    known = {name_of(module) for module in modules()}
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in known}
    return found


def test_every_part_has_a_layer():
    parts = {part_of(name_of(path)) for path in modules()} - {""}
    assert parts <= set(LAYERS), parts - set(LAYERS)


def test_imports_go_down_the_layers():
    wrong = []
    for path in modules():
        own = part_of(name_of(path))
        if not own:
            continue
        for module in imports_of(path):
            if not module.startswith("stashbench."):
                continue
            other = part_of(module)
            if other not in {own, "__version__"} and LAYERS.get(other, 0) > LAYERS[own]:
                wrong.append(f"{name_of(path)} imports {module}")
    assert wrong == []


@pytest.mark.parametrize(
    ("importer", "allowed"),
    [
        ("embedded", {"embedded", "sqlite", "model", "errors", "__version__"}),
        ("sqlite", {"sqlite", "model", "errors"}),
        ("report", {"report", "model", "errors", "analyse", "__version__"}),
        ("export", {"export", "model", "errors", "__version__"}),
        ("analyse", {"analyse", "model", "errors"}),
        ("recommend", {"recommend", "model", "errors", "analyse"}),
        ("model", {"model", "errors"}),
    ],
)
def test_parts_keep_to_their_neighbours(importer, allowed):
    for path in modules():
        if part_of(name_of(path)) == importer:
            others = {part_of(module) for module in imports_of(path) if module.startswith("stashbench.")}
            assert others <= allowed, f"{name_of(path)} imports {others - allowed}"


def test_only_target_imports_the_embedded_server():
    users = {
        part_of(name_of(path))
        for path in modules()
        if any(module.startswith("stashbench.embedded") for module in imports_of(path))
    }
    assert users <= {"embedded", "target"}


def test_heavy_libraries_stay_in_their_rooms():
    wrong = []
    for path in modules():
        for module in imports_of(path):
            rooms = ALLOWED_IN.get(module.split(".")[0])
            if rooms is not None and part_of(name_of(path)) not in rooms:
                wrong.append(f"{name_of(path)} imports {module}")
    assert wrong == []


def test_thinking_does_no_input_or_output():
    wrong = []
    for path in modules():
        if part_of(name_of(path)) in PURE:
            tree = ast.parse(path.read_text())
            wrong += [
                f"{name_of(path)} imports {module}" for module in imports_of(path) if module.split(".")[0] in DOES_IO
            ]
            wrong += [
                f"{name_of(path)} calls open()"
                for node in ast.walk(tree)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "print"}
            ]
    assert wrong == []


def test_there_are_no_import_cycles():
    graph = {name_of(path): {m for m in top_level_imports(path) if m.startswith("stashbench.")} for path in modules()}
    state: dict[str, str] = {}

    def visit(module: str, trail: tuple[str, ...]) -> None:
        if state.get(module) == "done" or module not in graph:
            return
        assert module not in trail, " -> ".join((*trail, module))
        for other in sorted(graph[module]):
            visit(other, (*trail, module))
        state[module] = "done"

    for module in graph:
        visit(module, ())


def top_level_imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    known = {name_of(module) for module in modules()}
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in known}
            found |= inner or {node.module}
    return found - {name_of(path)}


def test_files_stay_small():
    large = {name_of(path): n for path in modules() if (n := len(path.read_text().splitlines())) > 300}
    assert large == {}
