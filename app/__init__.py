"""The Qt application: the only place where engine and widgets meet."""
