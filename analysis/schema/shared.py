"""The tables that both rooms use: sources, the briefing, second readings; and the tables of the base map."""

from analysis.schema.columns import Table, choice, identifier, integer, iso_day, number, table, text

SOURCE_KINDS = (
    "official",
    "academic",
    "dataset",
    "encyclopedia",
    "news",
    "think_tank",
    "manufacturer",
    "reference",
    "derived",
)

SHARED: tuple[Table, ...] = (
    table(
        "sources",
        "a source",
        "source_id",
        {
            "source_id": identifier("Short name of the source"),
            "title": text("Title, or what the text is about"),
            "publisher": text("Publisher", empty=True),
            "year": integer("Year of publication or of the copy seen", 1800, 2040, empty=True),
            "url": identifier("Address", r"https?://\S+.*", empty=True),
            "kind": choice("Kind", SOURCE_KINDS),
            "kind_detail": text("Kind in the words of the compiler", empty=True),
            "publisher_group": text("Outlets of one group, or relays of one text: one voice in a median", empty=True),
            "licence": text("Licence of a data set, where it states one", empty=True),
            "role": choice("evidence: some row cites it; context: none does", ("evidence", "context")),
            "note": text("How it was read, and what a reader should know", empty=True),
        },
    ),
    table(
        "briefing",
        "a claim of the news item from which the project started",
        "claim_id",
        {
            "claim_id": identifier("Number of the claim"),
            "room": choice("Room", ("air_defence", "recognition")),
            "claim": text("What the item says, in our words"),
            "date": iso_day("Date of what is claimed", empty=True),
            "date_precision": choice("Precision of the date", ("day", "month", "year"), empty=True),
            "where_it_belongs": text("Table or notebook to which it belongs"),
            "pointers": text("Rows that hold it: table#claim, joined by semicolons; a notebook by its path"),
            "source_id": text("Source", refers_to="sources.source_id"),
            "note": text("What a reader should know", empty=True),
        },
    ),
    table(
        "second_readings",
        "one check or change of one field by a later reader",
        "reading_id",
        {
            "reading_id": identifier("Number of the reading"),
            "table": text("Table that was read"),
            "claim_id": text("Row that was read, where it still stands; see also key", empty=True),
            "key": text("Row as it was named before the reading"),
            "field": text("What was read"),
            "old": text("Value before", empty=True),
            "new": text("Value after", empty=True),
            "verdict": text("Outcome"),
            "read_on": iso_day("Day of the reading"),
            "source_id": text("Source of the second reading", refers_to="sources.source_id", empty=True),
        },
    ),
)

GEOGRAPHY: tuple[Table, ...] = (
    table(
        "geography/tile_grid",
        "a state's square in the tile map",
        "iso3",
        {
            "iso3": text("State", refers_to="recognition/states.iso3"),
            "column": integer("Column from the left", 0, 31),
            "row": integer("Row from the top", 0, 19),
        },
    ),
    table(
        "geography/neighbours",
        "a pair of neighbouring states, in both directions",
        ("iso3", "neighbour"),
        {
            "iso3": text("State", refers_to="recognition/states.iso3"),
            "neighbour": text("Its neighbour", refers_to="recognition/states.iso3"),
            "basis": choice("land: a shared border on the base map; sea: near by", ("land", "sea")),
            "distance_km": number("Distance; 0 for a land border", 0, 2_000, unit="km"),
        },
    ),
)
