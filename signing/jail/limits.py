"""How much a task may use, growing with the size of what it is given."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes. The second of each pair is added per megabyte of input.

    `wall` defaults to a multiple of the processor time, because the machine may be busy with other work.
    `processes`: 0 forbids child processes and threads (for an ordinary user; root is not counted by Linux).
    `readable`: folders beyond the interpreter's own that the task may read, e.g. an office suite's.
    """

    cpu: float = 2.0
    cpu_per_megabyte: float = 0.1
    memory: int = 1024 * MEGABYTE
    memory_per_megabyte: int = 24 * MEGABYTE
    output: int = 64 * MEGABYTE
    output_per_megabyte: int = 2 * MEGABYTE
    file_size: int = 128 * MEGABYTE
    wall: float | None = None
    processes: int = 0
    readable: tuple[str, ...] = ()

    def bounds(self, size: int) -> Bounds:
        """The limits for an input of `size` bytes."""
        megabytes = size / MEGABYTE
        cpu = self.cpu + self.cpu_per_megabyte * megabytes
        return Bounds(
            cpu=cpu,
            wall=self.wall if self.wall is not None else 8 * cpu + 5,
            memory=self.memory + int(self.memory_per_megabyte * megabytes),
            output=self.output + int(self.output_per_megabyte * megabytes),
            file_size=self.file_size,
            processes=self.processes,
            readable=self.readable,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Limits of one call."""

    cpu: float
    wall: float
    memory: int
    output: int
    file_size: int
    processes: int
    readable: tuple[str, ...]
