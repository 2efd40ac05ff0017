"""Meshes made of grids: lathes, tubes, rounded boxes, prisms, and their transformations.

Lengths are in any unit; the scene scales each object. z points up, an object's front to -y.
"""

from dataclasses import dataclass, replace

import numpy as np

from household.materials import Material


@dataclass(eq=False)
class Mesh:
    """Triangles with one material.

    Parameters
    ----------
    vertices, normals : array of shape (n_vertices, 3)
    faces : integer array of shape (n_faces, 3)
    texture_coordinates : array of shape (n_vertices, 2)
        u and v from 0 to 1; larger values repeat the texture.
    material : Material
    emission : array of shape (3,), optional
        Light given off (radiance in red, green and blue), for lamps.
    """

    vertices: np.ndarray
    normals: np.ndarray
    faces: np.ndarray
    texture_coordinates: np.ndarray
    material: Material
    emission: np.ndarray | None = None


def surface(points, material: Material, closed=False, repeat=(1, 1), texture_coordinates=None):
    """Return the mesh of a grid of points.

    Parameters
    ----------
    points : array of shape (rows, columns, 3)
        Neighbours in the grid are joined.
    material : Material
        What it is made of.
    closed : bool
        Whether the last column joins the first.
    repeat : tuple of float
        How often the texture is repeated along columns and rows.
    texture_coordinates : array of shape (rows, columns, 2), optional
        Given instead of ``repeat``.
    """
    points = np.asarray(points, float)
    if closed:
        points = np.concatenate([points, points[:, :1]], axis=1)
    rows, columns, _ = points.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    corners = [index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]]
    quads = np.stack(corners, axis=-1).reshape(-1, 4)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    vertices = points.reshape(-1, 3)
    if texture_coordinates is None:
        u, v = np.meshgrid(np.linspace(0, repeat[0], columns), np.linspace(0, repeat[1], rows))
        texture_coordinates = np.stack([u, v], axis=-1)
    first, second, third = (vertices[faces[:, corner]] for corner in range(3))
    face_normals = np.cross(second - first, third - first)
    normals = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], face_normals)
    if closed:
        seam = normals.reshape(rows, columns, 3)
        seam[:, 0] += seam[:, -1]
        seam[:, -1] = seam[:, 0]
    return Mesh(vertices, unit(normals), faces, texture_coordinates.reshape(-1, 2), material)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return vectors along the last axis scaled to length 1."""
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-12)


def smooth_curve(points, samples: int = 24) -> np.ndarray:
    """Return samples of the Catmull-Rom spline through points, shape (samples, dimensions)."""
    points = np.asarray(points, float)
    ends = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    points = np.concatenate([ends[:1], points, ends[1:]])
    place = np.linspace(0, len(points) - 3 - 1e-9, samples)
    whole = place.astype(int)
    t = (place - whole)[:, None]
    a, b, c, d = (points[whole + shift] for shift in range(4))
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def lathe(profile, material: Material, segments: int = 36, depth: float = 1.0) -> Mesh:
    """Return a profile of (radius, height) turned about z; ``depth`` squeezes it along y."""
    radius, height = np.asarray(profile, float).T[..., None]
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    x, y = radius * np.cos(angle), depth * radius * np.sin(angle)
    return surface(np.stack([x, y, height + 0 * angle], axis=-1), material, closed=True)


def rounded_box(size, centre, material: Material, radius=0.02, steps=8, puff=0.0, repeat=1.0):
    """Return the six sides of a box; ``puff`` swells the two largest, as in a cushion."""
    half = np.asarray(size, float) / 2
    radius = min(radius, half.min() * 0.98)
    u, v = np.meshgrid(*[np.linspace(-1, 1, steps)] * 2, indexing="ij")
    sides = []
    for axis in range(3):
        for sign in (-1, 1):
            cube = np.empty((*u.shape, 3))
            cube[..., axis] = sign
            cube[..., (axis + 1) % 3], cube[..., (axis + 2) % 3] = v, sign * u
            core = np.clip(cube * half, radius - half, half - radius)
            points = core + unit(cube * half - core) * radius
            if half[axis] == half.min():
                points[..., axis] += sign * puff * half[axis] * (1 - u**2) * (1 - v**2)
            sides.append(surface(points + centre, material, repeat=(repeat, repeat)))
    return sides


def ellipsoid(centre, radii, material: Material) -> Mesh:
    """Return an ellipsoid; one radius makes a ball."""
    angle = np.linspace(1e-3, np.pi - 1e-3, 20)
    ball = lathe(np.stack([np.sin(angle), -np.cos(angle)], axis=1), material)
    normals = unit(ball.vertices / radii)
    return replace(ball, vertices=ball.vertices * radii + centre, normals=normals)


def tube(path, radius, material: Material, segments: int = 12) -> Mesh:
    """Return a closed tube along a path, shape (n, 3), with one radius or one a point."""
    path = np.asarray(path, float)
    along = unit(np.gradient(path, axis=0))
    upright = abs(along[:, 2]).mean() > 0.8
    across = unit(np.cross(along, [1.0, 0, 0] if upright else [0, 0, 1.0]))
    other = np.cross(along, across)
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)[None, :, None]
    radius = np.broadcast_to(radius, len(path))[:, None, None]
    wall = path[:, None] + radius * (
        np.cos(angle) * across[:, None] + np.sin(angle) * other[:, None]
    )
    ends = [np.repeat(path[[end], None], segments, axis=1) for end in (0, -1)]
    return surface(np.concatenate([ends[0], wall, ends[1]]), material, closed=True)


def straight(start, end, points: int = 6) -> np.ndarray:
    """Return points on a straight line, shape (points, 3)."""
    return np.linspace(start, end, points)


def ring(centre, radius_x: float, radius_y: float, thickness: float, material: Material) -> Mesh:
    """Return a level ring, a tube bent to an ellipse."""
    angle = np.linspace(0, 2 * np.pi, 30)
    circle = [radius_x * np.cos(angle), radius_y * np.sin(angle), 0 * angle]
    return tube(np.stack(circle, axis=1) + centre, thickness, material)


def prism(outline, bottom: float, top: float, material: Material, lid: Material | None = None):
    """Return the wall and both ends of an upright prism.

    ``outline`` (n, 2) is star-shaped about its mean. The top end may have its own material, whose
    texture spans the outline's bounding box.
    """
    outline = np.asarray(outline, float)
    centre = outline.mean(axis=0)

    def at_height(xy, z):
        return np.column_stack([xy, np.full(len(outline), z)])

    wall = np.stack([at_height(outline, bottom), at_height(outline, top)])
    parts = [surface(wall, material, closed=True)]
    low, high = outline.min(axis=0), outline.max(axis=0)
    for z, up, end_material in ((top, 1, lid or material), (bottom, -1, material)):
        fan = np.stack([at_height(outline * 0 + centre, z), at_height(outline, z)])
        end = surface(fan, end_material, closed=True)
        end.normals[:] = (0, 0, up)
        end.texture_coordinates = (end.vertices[:, :2] - low) / (high - low)
        parts.append(end)
    return parts


def panel(width: float, height: float, material: Material, repeat: float = 1.0) -> Mesh:
    """Return an upright rectangle that faces -y, its foot's middle at the origin."""
    corners = [[[-0.5, 0, 0], [0.5, 0, 0]], [[-0.5, 0, 1], [0.5, 0, 1]]]
    return surface(np.array(corners) * [width, 1, height], material, repeat=(repeat, repeat))


def superellipse(points: int, half_x: float, half_y: float, egg=0.0, power=2.0) -> np.ndarray:
    """Return an outline (points, 2); ``egg`` widens its +y end, a higher power squares it."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    x, y = (np.sign(f) * abs(f) ** (2 / power) for f in (np.cos(angle), np.sin(angle)))
    return np.stack([x * half_x * (1 + egg * np.sin(angle)), y * half_y], axis=1)


def transform(meshes: list[Mesh], matrix: np.ndarray) -> list[Mesh]:
    """Return the meshes moved by a 4x4 matrix."""
    linear = matrix[:3, :3]
    inverse = np.linalg.inv(linear)
    mirrored = np.linalg.det(linear) < 0
    return [
        replace(
            mesh,
            vertices=mesh.vertices @ linear.T + matrix[:3, 3],
            normals=unit(mesh.normals @ inverse),
            faces=mesh.faces[:, ::-1] if mirrored else mesh.faces,
        )
        for mesh in meshes
    ]


def move(x=0.0, y=0.0, z=0.0) -> np.ndarray:
    """Return the matrix of a translation."""
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def scale(x: float, y: float | None = None, z: float | None = None) -> np.ndarray:
    """Return the matrix of a scaling; one factor scales all axes."""
    return np.diag([x, x if y is None else y, x if z is None else z, 1.0])


def rotate(axis: str, degrees: float) -> np.ndarray:
    """Return the matrix of a rotation about "x", "y" or "z"."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(4)
    matrix[i, i] = matrix[j, j] = cosine
    matrix[i, j], matrix[j, i] = -sine, sine
    return matrix


def bounds(meshes: list[Mesh]) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest coordinates of some meshes, each of shape (3,)."""
    vertices = np.concatenate([mesh.vertices for mesh in meshes])
    return vertices.min(axis=0), vertices.max(axis=0)
