"""Settings for The Littlest JupyterHub, on a server where ``install_course.sh`` put the course.

Copy this file to ``/opt/tljh/config/jupyterhub_config.d/``, then ``sudo tljh-config reload``. How
much memory and how many cores a learner gets is set with ``tljh-config``: see ``config.yaml``.
"""

COURSE = "/opt/dl-lesson"

c = get_config()  # noqa: F821, JupyterHub defines it

# The course has an environment of its own, so that nothing installed in the hub's changes it.
c.Spawner.cmd = [f"{COURSE}/bin/dl-lesson-server"]
c.SystemdSpawner.extra_paths = [f"{COURSE}/bin"]
c.Spawner.default_url = "/lab"
# When a whole class comes at once, a server takes longer to start.
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 180
