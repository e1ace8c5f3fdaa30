"""Reach services over HTTP and WebSockets, and turn failures into plain sentences."""
