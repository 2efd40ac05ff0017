"""Street sign: one or two boards on a pole."""

import numpy as np
from PIL import Image, ImageDraw

from household.colours import household_colour, letter, to_bytes, value_noise
from household.materials import Material, metal, paint
from household.objects.thing import Thing
from household.shapes import move, prism, rotate, straight, superellipse, transform, tube

PICTURE = 128
STREETS = ("MAIN", "OAK ST", "ELM RD", "RIVER", "PARK", "HILL ST", "LAKE", "5TH AV")
RED, YELLOW, BLUE, GREEN = (0.75, 0.05, 0.08), (0.95, 0.75, 0.05), (0.05, 0.2, 0.6), (0, 0.35, 0.2)
WHITE, BLACK = (0.93,) * 3, (0.05,) * 3
# Board, sign and edge.
COLOURS = (
    (RED, WHITE, WHITE),
    (WHITE, BLACK, RED),
    (YELLOW, BLACK, BLACK),
    (BLUE, WHITE, WHITE),
    (GREEN, WHITE, WHITE),
)


def street_sign(rng) -> Thing:
    """Draw a pole of 1.6 to 2.6 with its boards at the top."""
    pole = metal(rng) if rng.random() < 0.6 else paint(rng)
    height, radius = rng.uniform(1.6, 2.6), rng.uniform(0.025, 0.045)
    z, boards = height, []
    for number in range(int(rng.choice([1, 2], p=[0.65, 0.35]))):
        shape = rng.choice(
            ["circle", "triangle", "octagon", "diamond", "rectangle", "blade", "arrow"],
            p=[0.16, 0.12, 0.14, 0.12, 0.12, 0.22, 0.12],
        )
        outline = board_outline(rng, shape)
        face = paint(rng, face_picture(rng, shape, outline), rng.choice(["diffuse", "satin"]))
        half = np.ptp(outline[:, 1]) / 2
        board = prism(
            outline - outline.mean(axis=0), 0, 0.02, Material(np.full(3, 0.5), "satin"), face
        )
        crossing = 60 * (shape == "blade" and number > 0) * rng.choice([0, 1])
        turn = rotate("z", rng.normal(0, 5) + crossing)
        centre = z - half + 0.08
        boards += transform(board, move(0, -radius - 0.005, centre) @ turn @ rotate("x", 90))
        z -= 2 * half + 0.04
    setting = [tube(straight((0, 0, 0), (0, 0, height)), radius, pole)]
    return Thing(boards, 38, (-15, 8), setting)


def board_outline(rng, shape: str) -> np.ndarray:
    """Return the outline (n, 2) of a board about 0.8 wide."""
    width = rng.uniform(0.7, 0.9)
    if shape == "circle":
        return superellipse(32, width / 2, width / 2)
    if shape in ("octagon", "diamond"):
        corners, turn = (8, 22.5) if shape == "octagon" else (4, 0)
        return superellipse(corners, width / 2, width / 2) @ rotate("z", turn)[:2, :2]
    if shape == "triangle":
        return superellipse(3, width * 0.55, width * 0.55) @ rotate("z", -90)[:2, :2]
    half_x, half_y = {
        "rectangle": (width * rng.uniform(0.35, 0.5), width * rng.uniform(0.45, 0.6)),
        "blade": (width * 0.8, width * 0.2),
        "arrow": (width * 0.7, width * 0.24),
    }[shape]
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    if shape == "arrow":
        corners = [(-1, -1), (0.6, -1), (1, 0), (0.6, 1), (-1, 1)]
    return np.array(corners) * [half_x, half_y]


def face_picture(rng, shape: str, outline) -> np.ndarray:
    """Return the picture over the outline's bounding box, row 0 at the foot."""
    board, ink, edge = COLOURS[int(rng.integers(len(COLOURS)))]
    if rng.random() < 0.15:
        board = household_colour(rng)
        ink = edge = WHITE if board.mean() < 0.55 else BLACK
    low, high = outline.min(axis=0), outline.max(axis=0)
    # Name boards are far wider than high: their letters are drawn at the board's own proportions.
    named = shape in ("blade", "arrow")
    width = round(PICTURE * (high - low)[0] / (high - low)[1]) if named else PICTURE
    picture = Image.new("RGB", (width, PICTURE), to_bytes(edge))
    draw = ImageDraw.Draw(picture)
    middle = outline.mean(axis=0)
    inner = ((outline - middle) * rng.uniform(0.8, 0.9) + middle - low) / (high - low)
    draw.polygon([(x * width, (1 - y) * PICTURE) for x, y in inner], fill=to_bytes(board))
    if named:
        right = round(width * (0.92 if shape == "blade" else 0.78))
        letter(picture, str(rng.choice(STREETS)), (round(width * 0.08), 20, right, 108), ink)
    elif shape == "octagon":
        letter(picture, "STOP", (18, 36, 110, 92), ink)
    elif shape == "triangle":
        warning(rng, draw, to_bytes(ink))
    elif rng.random() < 0.5:
        box = (36, 42, 92, 86) if shape == "diamond" else (26, 34, 102, 94)
        letter(picture, str(rng.choice(["30", "50", "80", "P", "BUS"])), box, ink)
    else:
        symbol(rng, draw, to_bytes(ink))
    pixels = np.asarray(picture.resize((PICTURE * 2, PICTURE * 2)))[::-1] / 255
    if rng.random() < 0.25:
        worn = value_noise(rng, PICTURE * 2) > rng.uniform(0.8, 0.95)
        pixels = np.where(worn[..., None], household_colour(rng) * 0.6, pixels)
    return pixels


def warning(rng, draw: ImageDraw.ImageDraw, colour) -> None:
    """Draw an exclamation mark or a bend into a triangle that points up."""
    if rng.random() < 0.6:
        draw.polygon([(57, 48), (71, 48), (67, 88), (61, 88)], fill=colour)
        draw.ellipse([58, 94, 70, 106], fill=colour)
    else:
        draw.line([(54, 106), (54, 82), (74, 74), (74, 54)], fill=colour, width=12, joint="curve")


def symbol(rng, draw: ImageDraw.ImageDraw, colour) -> None:
    """Draw an arrow, a bar, a slash or a walker, inside the middle half."""
    kind = rng.choice(["arrow", "bar", "slash", "walker"])
    if kind == "arrow":
        head, shaft = [(64, 26), (94, 60), (74, 60)], [(74, 100), (54, 100), (54, 60), (34, 60)]
        draw.polygon(head + shaft, fill=colour)
    elif kind == "bar":
        draw.rectangle([30, 54, 98, 74], fill=colour)
    elif kind == "slash":
        draw.line([(34, 94), (94, 34)], fill=colour, width=14)
    else:
        draw.ellipse([54, 28, 74, 48], fill=colour)
        legs = [(64, 46), (86, 96), (74, 98), (64, 76), (54, 98), (42, 96)]
        draw.polygon(legs, fill=colour)
