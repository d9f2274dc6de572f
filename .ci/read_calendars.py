"""Every place that somebody has is an event of theirs, at its time; every event is well formed."""

import csv
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar

rota, folder = Path(sys.argv[1]), Path(sys.argv[2])
expected = {}
with rota.open(newline="") as file:
    for row in csv.DictReader(file):
        if row["consultant"]:
            events = expected.setdefault(row["consultant"], Counter())
            start = datetime.fromisoformat(f"{row['date']}T{row['start']}")
            events[start.replace(tzinfo=ZoneInfo("Europe/London")).timestamp()] += 1

seen, uids = 0, set()
for path in sorted(folder.glob("*/*.ics")):
    calendar = Calendar.from_ical(path.read_bytes())
    assert not calendar.errors, (path, calendar.errors)
    starts = Counter()
    for event in calendar.walk("VEVENT"):
        assert not event.errors, (path, event.errors)
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        assert start.utcoffset() is not None and start < end, (path, start, end)
        assert event["UID"] not in uids, (path, "a UID stands twice")
        uids.add(event["UID"])
        for key in ("SUMMARY", "LOCATION", "DTSTAMP", "SEQUENCE", "STATUS"):
            assert key in event, (path, key)
        starts[start.timestamp()] += 1
        seen += 1
    if path.parent.name == "consultants":
        wanted = expected.pop(path.stem, Counter())
        assert starts == wanted, (path, starts, wanted)
assert not expected, f"no calendar for {sorted(expected)}"
assert seen > 0
print(f"{seen} events")
