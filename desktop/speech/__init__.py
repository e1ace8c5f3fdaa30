"""Voice detection, segmentation and decode planning, without recognizing words."""
