"""Speech to text: recognizers on this machine and of cloud services, each behind `core.interfaces.Recognizer`."""
