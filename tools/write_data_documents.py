"""Write the documents that are made from schemas and tables; `make data-documents` calls it."""

from analysis.checks.corrections import corrections_log
from analysis.schema.documents import code_book, data_package
from analysis.tables import data_folder

DOCUMENTS = {"datapackage.json": data_package, "CODEBOOK.md": code_book, "CORRECTIONS.md": corrections_log}

if __name__ == "__main__":
    for name, write in DOCUMENTS.items():
        (data_folder() / name).write_text(write(), encoding="utf-8")
        print(f"wrote data/{name}")
