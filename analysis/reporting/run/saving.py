"""How papermill keeps the notebook that it runs: written now and then and at the end, long cells spoken of."""

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

from analysis.reporting.run.waiting import Waiting

ENGINE = "domes"
SAVE_EVERY_S = 10


class SparingManager(NotebookExecutionManager):
    """Keeps the state of a run, and writes it where the last writing is ten seconds old or the run has failed."""

    failed = False
    waiting: Waiting | None = None

    def cell_start(self, cell: NotebookNode, cell_index: int | None = None, **kwargs: Any) -> None:
        """Note that a cell has begun; while it is long at work, that is said."""
        super().cell_start(cell, cell_index, **kwargs)
        if self.waiting:
            self.waiting.begin(self.nb.cells[:cell_index])

    def cell_complete(self, cell: NotebookNode, cell_index: int | None = None, **kwargs: Any) -> None:
        """Note that a cell has ended."""
        if self.waiting:
            self.waiting.end()
        super().cell_complete(cell, cell_index, **kwargs)

    def save(self, **kwargs: Any) -> None:
        """Write the notebook as far as it has come, unless that was just done.

        Notes
        -----
        A chart in a notebook is more than a megabyte, which papermill's own manager writes again before and
        after each cell. The end of a run that did not fail is written by ``papermill.execute_notebook``.
        """
        if self.failed or (self.now() - self.last_save_time).total_seconds() >= SAVE_EVERY_S:
            super().save(**kwargs)


class SparingEngine(NBClientEngine):
    """papermill's engine with a manager that saves less often."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: Path | str | None = None,
        progress_bar: bool | dict = True,
        log_output: bool = False,
        waiting: Waiting | None = None,
        **options: Any,
    ) -> NotebookNode:
        """Run a notebook; parameters are those of ``papermill.engines.Engine.execute_notebook``, and who speaks."""
        manager = SparingManager(nb, output_path, log_output, progress_bar, SAVE_EVERY_S)
        manager.waiting = waiting
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **options)
        except BaseException:
            manager.failed = True
            raise
        finally:
            if waiting:
                waiting.end()
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb


papermill_engines.register(ENGINE, SparingEngine)
