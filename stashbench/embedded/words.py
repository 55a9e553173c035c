"""Word lists for titles, names, tags and places: plain, fit for work, and good to search for."""

from __future__ import annotations

_ADJECTIVES = """
amber ancient arctic autumn azure bold brave bright broken busy calm candid careful cheerful clear clever coastal
copper cosy crimson curious daily dancing daring distant dusty early eastern electric emerald endless evening faded
faithful famous fearless final first floating foggy forgotten frozen gentle giant gilded glass golden grand great
green hidden hollow honest humble icy indigo inland ivory jolly kind last late lazy lively lonely long lost lucky
lunar magnetic marble mellow merry midnight misty modern morning mossy narrow nimble noble northern open painted
patient pearl perfect playful polished proud quiet rainy rapid restless rolling rustic sandy scarlet secret serene
shaded silent silver simple slow snowy solar southern spring starlit steady still stormy summer sunlit swift tidal
tiny tranquil twilight velvet vivid wandering warm western whispering wild windy winter wooden young
"""

_NOUNS = """
accordion acrobat almanac anchor apple archer archive arrow atlas avenue bakery balcony balloon barge barn basket
beacon bell bicycle birch blanket boat bonfire bookshop border breeze brewery bridge brook builder cabin cafe camera
canal candle canoe canvas caravan carnival carpenter castle cathedral cello chess chimney circus clay cliff clock
cloud compass concert copper corner cottage courtyard creek cricket cycle dancer deck delta desert diary diver dock
dolphin dragonfly drummer dune echo engine explorer falcon farm feather ferry festival fiddle field finch fisher
fjord flute forest forge fountain fox gallery garden gardener gate geyser glacier glider guitar hammer hammock
harbour harvest hawk hedge heron hill horizon island jacket jetty journey juggler kayak kettle kingfisher kitchen
kite ladder lagoon lake lantern library lighthouse lily loom lute mail map maple market marsh meadow melody mill
mirror mist mitten moon mosaic mountain museum needle notebook oak oasis ocean orchard otter owl paddle palace
paper parade park path pebble piano picnic pier pigeon pilot pine planet pony postcard potter prairie quarry quilt
raft railway rain ranger recipe reef ribbon ridge river road robin rocket rooftop rope rowan saddle sail sailor
sandcastle satchel school sculptor seagull shadow shepherd shore sketch skater skyline sledge snowfall song sparrow
spring square stage star station story stream street summit sunrise swallow tailor telescope tent theatre thunder
tide tower trail train tram traveller tunnel valley veranda village vineyard violin voyage waltz watch waterfall
wave weaver whale wharf wheel willow windmill window workshop yard
"""

_PLACES = """
Alder Ashford Barrow Belmont Birchwood Blackpool Brighton Calder Camden Clearwater Cromer Dale Denholm Dover Eastbay
Edgewater Elmswood Fairview Fenwick Glenmore Granton Greenhill Hallow Harwick Hazelton Highmoor Inverness Kelso
Kingsport Lakeside Langley Linden Lowell Marlow Maplewood Midhurst Millbrook Montrose Newhaven Norwood Oakham Orford
Paxton Penrose Portland Ravenna Redcliff Ridgeway Rosedale Salford Seaton Sheldon Sherwood Silverdale
Stonebridge Sutton Tarn Thornton Underhill Valewood Wakefield Westport Whitby Windermere Winslow Wyndham Yarrow
"""

_FIRST_NAMES = """
Ada Adam Agnes Alan Albert Alice Amir Amy Ana Andre Anita Anna Anton Arthur Astrid Aurora Bella Ben Bianca Boris
Bruno Camila Carl Carmen Cecil Celia Chen Clara Claude Cora Dana Daniel Daria David Diego Dora Edgar Edith Elena
Elias Eliza Emil Emma Enzo Erik Esther Eva Felix Fiona Flora Frank Freya George Gina Grace Greta Hana Hanna Harold
Hector Helen Henry Hugo Ida Igor Ines Ingrid Iris Isaac Ivan Ivy Jack Jana Jasper Joan Jonas Josef Julia June Kai
Karim Karl Kate Keiko Kira Lara Lars Laura Leah Lena Leo Lila Linda Louis Lucia Luis Lydia Mabel Marco Maria Marta
Max Maya Mila Milo Mina Mira Nadia Naomi Nils Nina Noah Nora Olga Oliver Omar Oscar Otto Paula Pavel Pedro Petra
Quentin Rafael Rita Robin Rosa Ruben Ruth Samir Sara Selma Simon Sofia Stella Sven Tara Theo Thomas Tilda Tom Ulla
Uma Vera Victor Viola Walter Wanda Yara Yusuf Zara Zoe
"""

_LAST_NAMES = """
Abbott Adler Almeida Andersen Archer Arnold Baker Banks Barnes Becker Bell Berg Bishop Blake Bloom Bond Booth Brandt
Brooks Brown Burke Byrne Campbell Carter Castle Chandler Chen Clarke Cole Collins Cooper Costa Craig Cruz Dalton
Davies Dawson Diaz Dixon Doyle Drake Duarte Duncan Dunn Eaton Edwards Ellis Evans Faber Farrell Fields Fischer
Fleming Flores Forbes Ford Foster Fox Fraser Frost Garcia Gardner Gibson Glover Gomez Graham Grant Gray Greene
Griffin Hahn Hale Hansen Harding Harper Hart Hayes Heath Hill Hoffman Holmes Horn Howard Hughes Hunt Ivanov Jansen
Jensen Jordan Kane Keller Kelly Kim King Klein Knight Koch Kramer Lamb Lane Larsen Lee Lehmann Lewis Lopez Lund
Lynch Maier Marsh Martin Mason Meyer Miller Mills Moore Morgan Moser Murray Nash Nelson Neumann Nguyen Nielsen Nolan
Novak Oliver Olsen Ortega Owen Palmer Park Parker Pearce Pereira Perry Peters Phillips Pierce Porter Powell Price
Quinn Ramos Reed Reid Reyes Rice Richter Rivera Roberts Romero Rossi Rowe Russo Ryan Santos Sato Sawyer Schmidt
Scott Sharp Shaw Silva Simon Singh Sloan Snow Sousa Stein Stone Storm Sutton Swan Tanaka Taylor Thorne Torres Turner
Vance Vega Vogel Wagner Walker Wallace Ward Watson Weaver Webb Weber Wells West White Wilde Winter Wolf Wong Wood
Wright Yates York Young Zeller Zimmer
"""

ADJECTIVES: tuple[str, ...] = tuple(word.capitalize() for word in _ADJECTIVES.split())
NOUNS: tuple[str, ...] = tuple(word.capitalize() for word in _NOUNS.split())
PLACES: tuple[str, ...] = tuple(_PLACES.split())
FIRST_NAMES: tuple[str, ...] = tuple(_FIRST_NAMES.split())
LAST_NAMES: tuple[str, ...] = tuple(_LAST_NAMES.split())

TAG_ROOTS: tuple[str, ...] = (
    "Activity",
    "Setting",
    "Season",
    "Mood",
    "Camera Work",
    "Crew Size",
    "Release Format",
    "Wardrobe",
    "Weather",
    "Era",
    "Handicraft",
    "Sport",
    "Music",
    "Food",
    "Travel",
    "Animals",
)
"""Names of the first root tags; further ones are made of adjectives and nouns."""

STUDIO_KINDS: tuple[str, ...] = (
    "Films",
    "Pictures",
    "Studio",
    "Media",
    "Works",
    "House",
    "Collective",
    "Productions",
    "Archive",
    "Network",
    "Club",
)

SENTENCES: tuple[str, ...] = (
    "Filmed over one long weekend with a small crew.",
    "A slow walk from the old mill down to the water.",
    "The second take, kept because the light was better.",
    "Restored from tape; the sound is mono.",
    "Includes the full interview and a short look behind the camera.",
    "Everyone arrived early and stayed for the music.",
    "Recorded live in front of a friendly audience.",
    "The weather turned twice before the last shot.",
    "A lesson in patience, with a kettle and a good view.",
    "Part of a series about craft and the people who practise it.",
    "Shot handheld on the promenade at the end of the season.",
    "The director's favourite, according to the notes.",
    "Contains the rehearsal as well as the performance.",
    "Edited again years later from the original material.",
)
"""Descriptions are one or two of these."""
