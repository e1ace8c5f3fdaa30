"""Hand what the windows request to the engine, and its answers back to the windows."""
