"""The science of Fall Line: runs without Qt, in a script, a test or behind the window."""
