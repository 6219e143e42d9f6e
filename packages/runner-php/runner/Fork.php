<?php

namespace Kernelbox;

/** A copy of this process that is a runner for another host: see docs/runners.md. */
final class Fork
{
    private const C = 'int open(const char *path, int flags); int dup2(int from, int to); int close(int number);';
    private const READ = 0;
    private const WRITE = 1;
    private const BOTH = 2;
    private const PIPES = ['in' => self::READ, 'out' => self::WRITE, 'err' => self::WRITE, 'requests' => self::READ, 'events' => self::WRITE];

    /** Without `dup2` a process cannot change what STDIN, STDOUT and STDERR are; PHP has it through FFI alone. */
    public static function isPossible(): bool
    {
        return extension_loaded('ffi') && in_array(strtolower((string) ini_get('ffi.enable')), ['1', 'on', 'true', 'preload'], true);
    }

    /** Makes the copy: true in it. This process goes on with false. */
    public static function make(Frames $frames): bool
    {
        $middle = pcntl_fork();
        if ($middle > 0) {
            pcntl_waitpid($middle, $status);
            return false;
        }
        // The process in the middle ends at once, so that the copy is nobody's child.
        $copy = $middle === 0 ? pcntl_fork() : -1;
        if ($copy === -1) {
            $frames->emit('error', 'Error', 'no process can be made: ' . pcntl_strerror(pcntl_get_last_error()));
        }
        if ($middle !== 0) {
            return false;
        }
        if ($copy !== 0) {
            self::vanish();
        }
        try {
            posix_setsid();
            $frames->emit('forked', (string) getmypid());
            return true;
        } catch (\Throwable) {
            self::vanish();
        }
    }

    /**
     * What the descriptors 0 to 4 are now.
     *
     * @return list<string|null>
     */
    public static function pipes(): array
    {
        return array_map(fn(int $number) => self::identity("/proc/self/fd/$number"), range(0, 4));
    }

    /**
     * Puts the pipes of a directory in the place of the five that were there, wherever they are open: as their numbers, and
     * where PHP or the code has a second descriptor of them.
     *
     * @param list<string|null> $pipes those that were there
     * @return list<string|null> those that are there now
     */
    public static function takePipes(string $directory, array $pipes): array
    {
        try {
            $c = \FFI::cdef(self::C);
            $numbers = array_filter(scandir('/proc/self/fd') ?: [], ctype_digit(...));
            $open = array_map(fn(string $number) => self::identity("/proc/self/fd/$number"), array_combine($numbers, $numbers));
            foreach (array_keys(self::PIPES) as $index => $name) {
                // Opening one end never waits while the other one is open.
                $both = $c->open("$directory/$name", self::BOTH);
                $opened = $c->open("$directory/$name", self::PIPES[$name]);
                $c->close($both);
                if ($opened < 0) {
                    self::vanish();
                }
                foreach (array_keys($open, $pipes[$index] ?? '', true) as $number) {
                    $c->dup2($opened, $number);
                }
                $c->close($opened);
            }
            return array_map(fn(string $name) => self::identity("$directory/$name"), array_keys(self::PIPES));
        } catch (\Throwable) {
            self::vanish();
        }
    }

    /** Ends this process without anything of PHP's: destructors belong to the original. */
    public static function vanish(): never
    {
        posix_kill(getmypid(), SIGKILL);
        exit(1);
    }

    private static function identity(string $path): ?string
    {
        clearstatcache(true, $path);
        $found = @stat($path);
        return $found === false ? null : "{$found['dev']}:{$found['ino']}";
    }
}
