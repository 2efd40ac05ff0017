"""Rendering with Mitsuba 3 (https://mitsuba-renderer.org)."""

import tempfile
from pathlib import Path

import drjit
import mitsuba
import numpy as np

from household.camera import Camera
from household.light import Light
from household.materials import Material
from household.scene import Scene
from household.shapes import Mesh

mitsuba.set_variant("scalar_rgb")
mitsuba.set_log_level(mitsuba.LogLevel.Error)
drjit.set_thread_count(1)

SAMPLES_PER_PIXEL = 49
LONGEST_LIGHT_PATH = 5
GAMMA = 2.2
OTHER, SUBJECT, LAMP = range(3)


def render(scene: Scene, size: int, seed: int) -> np.ndarray:
    """Return the light that reaches each pixel, shape (size, size, 3), linear."""
    with tempfile.TemporaryDirectory() as folder:
        described = {
            "type": "scene",
            "integrator": {"type": "path", "max_depth": LONGEST_LIGHT_PATH},
            "sensor": sensor(scene.camera, size, SAMPLES_PER_PIXEL, "gaussian"),
            **lights(scene.light),
            **mesh_entries(scene.subject + scene.setting, Path(folder)),
        }
        return np.array(mitsuba.render(mitsuba.load_dict(described), seed=seed))[..., :3]


def what_is_seen(scene: Scene, size: int, alone: bool = False) -> np.ndarray:
    """Return whether each pixel shows the subject, the lamp that lights it, or something else.

    Parameters
    ----------
    scene : Scene
        The scene.
    size : int
        Width and height in pixels.
    alone : bool
        Whether to leave out everything but the subject.

    Returns
    -------
    integer array of shape (size, size)
        `SUBJECT`, `LAMP` or `OTHER`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "subject").mkdir()
        (path / "setting").mkdir()
        described = {
            "type": "scene",
            "integrator": {"type": "aov", "aovs": "shape:shape_index"},
            "sensor": sensor(scene.camera, size, 1, "box"),
            **mesh_entries(scene.subject, path / "subject", "subject"),
        }
        if not alone:
            described |= mesh_entries(scene.setting, path / "setting", "setting")
            described |= lights(scene.light)
        loaded = mitsuba.load_dict(described)
        index = np.array(mitsuba.render(loaded, seed=0))[..., -1].round().astype(int)
        kinds = {"subject": SUBJECT, "key": LAMP}
        shapes = [kinds.get(shape.id().split("_")[0], OTHER) for shape in loaded.shapes()]
    # Mitsuba numbers the shapes from 1; 0 is where a ray meets none.
    return np.array([OTHER, *shapes])[index]


def rgb(colour) -> dict:
    """Describe a linear colour or radiance."""
    return {"type": "rgb", "value": [float(max(channel, 0)) for channel in colour]}


def sensor(camera: Camera, size: int, samples: int, pixel_filter: str) -> dict:
    """Describe a pinhole camera with a square picture."""
    view = mitsuba.ScalarTransform4f().look_at(
        origin=camera.origin.tolist(), target=camera.target.tolist(), up=camera.up.tolist()
    )
    return {
        "type": "perspective",
        "fov": camera.field_of_view,
        "near_clip": camera.nearest,
        "far_clip": 1e4,
        "to_world": view,
        "film": {
            "type": "hdrfilm",
            "width": size,
            "height": size,
            "rfilter": {"type": pixel_filter},
        },
        "sampler": {"type": "multijitter", "sample_count": samples},
    }


def lights(light: Light) -> dict:
    """Describe the sky or the even light, and the key light."""
    if light.sky is None:
        around = {"type": "constant", "radiance": rgb(light.fill)}
    else:
        # Mitsuba's environment maps have y up.
        upright = mitsuba.ScalarTransform4f().rotate([1, 0, 0], 90)
        picture = mitsuba.Bitmap(light.sky.astype(np.float32))
        around = {"type": "envmap", "bitmap": picture, "to_world": upright}
    described = {"surroundings": around}
    if light.kind == "sun":
        described["key"] = {
            "type": "directional",
            "direction": light.direction.tolist(),
            "irradiance": rgb(light.colour * 1.5),
        }
    elif light.kind == "lamp":
        described["key"] = {
            "type": "sphere",
            "center": light.position.tolist(),
            "radius": light.radius,
            "emitter": {"type": "area", "radiance": rgb(light.colour * 5)},
        }
    return described


def mesh_entries(meshes: list[Mesh], folder: Path, name: str = "mesh") -> dict:
    """Write the meshes, joined by material, as PLY files and describe them."""
    groups: dict[tuple, list[Mesh]] = {}
    for mesh in meshes:
        groups.setdefault((id(mesh.material), id(mesh.emission)), []).append(mesh)
    described = {}
    for number, group in enumerate(groups.values()):
        path = folder / f"{number}.ply"
        write_ply(path, group)
        entry = {"type": "ply", "filename": str(path), "bsdf": reflection(group[0].material)}
        if group[0].emission is not None:
            entry["emitter"] = {"type": "area", "radiance": rgb(group[0].emission)}
        described[f"{name}_{number}"] = entry
    return described


def write_ply(path: Path, meshes: list[Mesh]) -> None:
    """Write meshes as one binary PLY file with normals and texture coordinates."""
    starts = np.cumsum([0] + [len(mesh.vertices) for mesh in meshes[:-1]])
    columns = [
        np.concatenate([mesh.vertices, mesh.normals, mesh.texture_coordinates], axis=1)
        for mesh in meshes
    ]
    vertices = np.concatenate(columns).astype("<f4")
    corners = np.concatenate(
        [mesh.faces + start for mesh, start in zip(meshes, starts, strict=True)]
    )
    faces = np.empty(len(corners), dtype=[("count", "u1"), ("corners", "<i4", 3)])
    faces["count"], faces["corners"] = 3, corners
    properties = "".join(
        f"property float {name}\n" for name in ("x", "y", "z", "nx", "ny", "nz", "u", "v")
    )
    header = (
        f"ply\nformat binary_little_endian 1.0\nelement vertex {len(vertices)}\n{properties}"
        f"element face {len(faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    path.write_bytes(header.encode() + vertices.tobytes() + faces.tobytes())


def reflection(material: Material) -> dict:
    """Describe how a material reflects light, from both sides."""
    if material.colour.ndim == 3:
        # Mitsuba reads 8-bit pictures as sRGB, and colours given as numbers as linear.
        pixels = np.clip(material.colour * 255, 3, 250).astype(np.uint8)
        colour = {"type": "bitmap", "bitmap": mitsuba.Bitmap(np.ascontiguousarray(pixels))}
    else:
        colour = rgb(np.clip(material.colour, 0.01, 0.97) ** GAMMA)
    described = {
        "diffuse": {"type": "diffuse", "reflectance": colour},
        "glossy": {"type": "plastic", "diffuse_reflectance": colour},
        "satin": {
            "type": "roughplastic",
            "diffuse_reflectance": colour,
            "alpha": material.roughness,
        },
        "metal": {
            "type": "roughconductor",
            "specular_reflectance": colour,
            "alpha": material.roughness,
        },
    }[material.kind]
    return {"type": "twosided", "bsdf": described}
