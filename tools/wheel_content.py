"""Put notebooks, figures, starters and handouts into the wheel, so that they need no checkout."""

import sys
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelContent(BuildHookInterface):
    """Derives all editions from the episodes while a wheel is built."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Write the editions to a temporary folder, and have them packed."""
        # An editable installation reads them from the checkout.
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from dl_lesson.authoring.editions.bundle import write_editions
        from dl_lesson.course.files import Project

        self.folder = tempfile.TemporaryDirectory()
        write_editions(Project(root), Path(self.folder.name, "editions"))
        build_data["force_include"][f"{self.folder.name}/editions"] = "dl_lesson/bundled/editions"

    def finalize(self, version: str, build_data: dict, artifact_path: str) -> None:
        """Delete the temporary folder."""
        if version != "editable":
            self.folder.cleanup()
