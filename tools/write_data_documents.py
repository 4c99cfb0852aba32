"""Write data/datapackage.json and data/CODEBOOK.md from the schemas; `make data-documents` calls it."""

from pathlib import Path

from analysis.schema.documents import code_book, data_package

DATA = Path(__file__).resolve().parent.parent / "data"

if __name__ == "__main__":
    (DATA / "datapackage.json").write_text(data_package(), encoding="utf-8")
    (DATA / "CODEBOOK.md").write_text(code_book(), encoding="utf-8")
    print("wrote data/datapackage.json and data/CODEBOOK.md")
