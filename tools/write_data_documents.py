"""Write the documents that are made from schemas and tables; `make data-documents` calls it."""

from analysis.checks.corrections import corrections_log
from analysis.schema import TABLES
from analysis.schema.documents import code_book, data_package
from analysis.tables import data_folder


def describe_tables() -> str:
    """Describe every table with the checksum of its file."""
    return data_package({name: (data_folder() / f"{name}.csv").read_bytes() for name in TABLES})


DOCUMENTS = {"datapackage.json": describe_tables, "CODEBOOK.md": code_book, "CORRECTIONS.md": corrections_log}

if __name__ == "__main__":
    for name, write in DOCUMENTS.items():
        (data_folder() / name).write_text(write(), encoding="utf-8")
        print(f"wrote data/{name}")
