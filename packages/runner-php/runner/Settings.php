<?php

namespace Kernelbox;

/** What holds for the whole process. */
final class Settings
{
    /** An endless recursion is a fatal error of PHP's rather than the machine's end. A cell may lift the limit. */
    public static function limitMemory(): void
    {
        preg_match('/^MemAvailable:\s+(\d+) kB/m', (string) @file_get_contents('/proc/meminfo'), $available);
        $bytes = isset($available[1]) ? (int) $available[1] * 1024 : PHP_INT_MAX;
        foreach (['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'] as $file) {
            $limit = (int) @file_get_contents($file);
            $bytes = $limit > 0 ? min($bytes, $limit) : $bytes;
        }
        if ($bytes < PHP_INT_MAX) {
            ini_set('memory_limit', (string) MemoryGuard::limitFor($bytes));
        }
    }

    /** Until the next cell, errors are none of the user's handler. */
    public static function holdErrors(): void
    {
        set_error_handler(static fn() => true);
    }

    /** What nobody catches is for the user's handler; gives what is left to tell. */
    public static function handled(\Throwable $error): \Throwable
    {
        $handler = set_exception_handler(null);
        restore_exception_handler();
        try {
            if ($handler !== null) {
                $handler($error);
            }
            return $error;
        } catch (\Throwable $another) {
            return $another;
        }
    }
}
