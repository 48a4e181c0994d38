"""Ration the places for messages in flight among the batches of a process."""

import asyncio


class Slots:
    """The places for messages in flight, shared by all batches of a process."""

    def __init__(self, count: int) -> None:
        self.free = count
        self._changed = asyncio.Event()

    def take(self, most: int) -> int:
        """Take up to `most` places and return how many."""
        number = min(most, self.free)
        self.free -= number
        return number

    def give(self, number: int) -> None:
        """Give places back."""
        self.free += number
        self._changed.set()

    async def wait(self, seconds: float) -> bool:
        """Wait until places were given back, and tell whether they were within so long."""
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        return True
