"""What SIGINT does while a cell runs."""

import asyncio
import types
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from typing import Any


class Interrupts:
    """Turns SIGINT into ``KeyboardInterrupt`` inside the user's code, and nowhere else.

    A signal that comes while the kernel does its own work (sending the reply, say) is dropped: there is nothing left
    to stop, and an exception there would lose the reply.
    """

    def __init__(self) -> None:
        self._raising = False
        self._task: asyncio.Task[Any] | None = None
        self._kernel_task: asyncio.Task[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cancelled = False

    def handle(self, _signal: int, _frame: types.FrameType | None) -> None:
        """Handle the signal; runs on the main thread between two bytecodes."""
        if self._raising:
            raise KeyboardInterrupt
        if self._task is None or self._loop is None or self._task.done():
            return
        running = asyncio.current_task(self._loop)
        if running is None and not self._cancelled:
            # The loop waits. A callback of the user that computes for ever gets the second signal instead.
            self._cancelled = True
            self._loop.call_soon_threadsafe(self._task.cancel)
        elif running is not self._kernel_task:
            raise KeyboardInterrupt

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Raise in whatever runs on the main thread."""
        self._raising = True
        try:
            yield
        finally:
            self._raising = False

    async def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Await a cell: raise in it where it computes, wake it up with the exception where it waits."""
        self._loop = asyncio.get_running_loop()
        self._kernel_task = asyncio.current_task()
        self._cancelled = False
        self._task = self._loop.create_task(self._guard(coroutine))
        try:
            return await self._task
        finally:
            self._task = self._kernel_task = None

    async def _guard(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return await self._translated(coroutine)

    @types.coroutine
    def _translated(self, coroutine: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
        # A task can only be cancelled. Here the cancellation becomes the exception that a user expects of an interrupt,
        # raised at the very `await` that waits.
        value: Any = None
        error: BaseException | None = None
        while True:
            try:
                awaited = coroutine.send(value) if error is None else coroutine.throw(error)
            except StopIteration as stop:
                return stop.value
            try:
                value, error = (yield awaited), None
            except GeneratorExit:
                coroutine.close()
                raise
            except asyncio.CancelledError as cancelled:
                value, error = None, KeyboardInterrupt() if self._cancelled else cancelled
                self._cancelled = False
            except BaseException as raised:
                value, error = None, raised
