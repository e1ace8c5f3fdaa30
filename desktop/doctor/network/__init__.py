"""Measure why a service is slow: each part of the connection by itself, then one verdict.

Possible causes are DNS, the round trip, the handshakes, an intermediary that rewrites them, the upload, the service's
queue, the account's limit, or this app; each needs a different remedy. `probe` measures them one by one, with its own
sockets and with the app's client, `measurement` also reads what the answers' headers report, `verdict` decides, purely,
and `report` formats.

All requests are free except the upload (`--upload`): it sends noise to be transcribed, which a service charges like
speech.
"""
