"""The Qt application: the only place where engine and widgets meet."""

import engine  # noqa: F401 - NumPy is told its threads before pyqtgraph imports it, however one came here
