<?php

namespace Kernelbox;

/**
 * Ends a cell whose recursion has no end before PHP does: when a page of the stack is refused, nothing of ours can run any
 * more, and nobody would know what it was.
 */
final class MemoryGuard
{
    private const C = '
        struct event { long value; int signal; int notify; long rest[6]; };
        struct interval { long every[2]; long first[2]; };
        int timer_create(int clock, struct event *event, void **timer);
        int timer_settime(void *timer, int flags, const struct interval *new, void *old);
        int timer_delete(void *timer);
    ';
    /** The time that the process computes: nothing that waits is disturbed. */
    private const CLOCK = 2;
    private const SIGNAL = 26;
    private const EVERY_NANOSECONDS = 4_000_000;
    /** More than a recursion takes from one look to the next; of small memories, a quarter. */
    private const MARGIN = 512 << 20;
    private ?\FFI\CData $timer = null;
    private ?\FFI $c;

    /** @param \Closure(string $message, string $file, int $line): void $onFull */
    public function __construct(private readonly \Closure $onFull)
    {
        try {
            $this->c = Fork::isPossible() ? \FFI::cdef(self::C) : null;
        } catch (\FFI\Exception) {
            $this->c = null; // a C library without such timers
        }
    }

    /** From here on to {@see stop} there is a look at the memory now and then. */
    public function start(): void
    {
        if ($this->c === null) {
            return;
        }
        pcntl_signal(self::SIGNAL, $this->look(...));
        $event = $this->c->new('struct event');
        $event->signal = self::SIGNAL;
        $timer = $this->c->new('void *[1]');
        if ($this->c->timer_create(self::CLOCK, \FFI::addr($event), $timer) === 0) {
            $this->timer = $timer;
            $interval = $this->c->new('struct interval');
            $interval->every[1] = self::EVERY_NANOSECONDS;
            $interval->first[1] = self::EVERY_NANOSECONDS;
            $this->c->timer_settime($timer[0], 0, \FFI::addr($interval), null);
        }
    }

    public function stop(): void
    {
        if ($this->timer !== null) {
            $this->c->timer_delete($this->timer[0]);
            $this->timer = null;
        }
    }

    /** What PHP may use, of which we keep a part. */
    public static function limitFor(int $bytes): int
    {
        $half = intdiv($bytes, 2);
        return $half + min(self::MARGIN, intdiv($half, 3));
    }

    private function look(): void
    {
        $limit = ini_parse_quantity((string) ini_get('memory_limit'));
        if ($limit <= 0 || memory_get_usage(true) < $limit - min(self::MARGIN, intdiv($limit, 4))) {
            return;
        }
        // A function of PHP's own may stand between this one and the code.
        $frames = array_filter(debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 3), fn(array $frame) => isset($frame['file']));
        $frame = reset($frames) ?: [];
        ($this->onFull)("Allowed memory size of $limit bytes exhausted", $frame['file'] ?? '', $frame['line'] ?? 0);
    }
}
