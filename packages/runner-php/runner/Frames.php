<?php

namespace Kernelbox;

/** The two pipes to the host. */
final class Frames
{
    private const LONGEST_READ = 65536;
    private int $tokens = 0;
    /** @var resource */
    private $requests;
    /** @var resource */
    private $events;

    public function __construct()
    {
        $this->requests = fopen('php://fd/3', 'r');
        $this->events = fopen('php://fd/4', 'w');
    }

    /** Sends one frame. */
    public function emit(string $name, string ...$fields): void
    {
        $bytes = implode(' ', [$name, ...array_map('strlen', $fields)]) . "\n" . implode('', $fields);
        for ($sent = 0; $sent < strlen($bytes); $sent += $count) {
            $count = fwrite($this->events, $sent === 0 ? $bytes : substr($bytes, $sent));
            if ($count === false) {
                throw new \RuntimeException('the host has gone');
            }
        }
    }

    /**
     * Waits for a frame: its name, and its fields.
     *
     * @return list<string>|null null when the host has gone
     */
    public function receive(): ?array
    {
        $line = fgets($this->requests);
        if ($line === false) {
            return null;
        }
        $words = explode(' ', rtrim($line, "\n"));
        $frame = [$words[0]];
        foreach (array_slice($words, 1) as $length) {
            $frame[] = $this->read((int) $length);
        }
        return $frame;
    }

    /** Waits until the host has taken all that was sent and printed. */
    public function sync(): void
    {
        $token = (string) ++$this->tokens;
        $this->emit('sync', $token);
        do {
            $frame = $this->receive();
        } while ($frame !== null && $frame !== ['synced', $token]);
    }

    private function read(int $length): string
    {
        for ($bytes = ''; strlen($bytes) < $length; $bytes .= $piece) {
            $piece = fread($this->requests, min(self::LONGEST_READ, $length - strlen($bytes)));
            if ($piece === false || ($piece === '' && feof($this->requests))) {
                throw new \RuntimeException('the host has gone');
            }
        }
        return $bytes;
    }
}
