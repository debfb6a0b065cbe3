"""What leaves the window: pictures, films, pages, numbers, settings; the same from the window and the command line."""
