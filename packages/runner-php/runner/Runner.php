<?php

namespace Kernelbox;

/** An interrupt of the running cell. */
final class Interrupted extends \Error
{
}

/** Takes requests, and says how cells went. */
final class Runner
{
    public static ?self $current = null;
    /** The cell to include. */
    public string $file = '';
    public string $directory;
    /** @var list<string> where files of cells are or were: this process's directory, and those of what it is a copy of */
    public array $directories;
    /** @var list<string|null> */
    private array $pipes;
    private bool $isCopy = false;
    private readonly Questions $questions;
    private readonly CellSource $source;
    private readonly Definitions $definitions;
    private readonly MemoryGuard $memory;
    /** @var array<string, string|false> */
    private array $replaced = [];
    private int $process = 0;
    private ?int $snapshot = null;
    private bool $isRunning = false;
    private bool $hasTold = false;
    private string $reserve;

    public function __construct(public readonly Frames $frames)
    {
        self::$current = $this;
        $this->directory = (string) getenv('KERNELBOX_RUNNER_DIRECTORY');
        $this->directories = [$this->directory];
        $this->pipes = Fork::pipes();
        $this->setVariable('KERNELBOX_RUNNER_DIRECTORY', false);
        $this->questions = new Questions($frames);
        $this->definitions = new Definitions(Engine::open());
        $this->source = new CellSource($this->definitions);
        $this->memory = new MemoryGuard($this->endWithoutMemory(...));
        $this->reserve = str_repeat(' ', 4 << 20);
        Settings::limitMemory();
        pcntl_async_signals(true);
        pcntl_signal(SIGINT, SIG_IGN);
        // The host's word that the original of this process is gone; see snapshot().
        pcntl_sigprocmask(SIG_BLOCK, [SIGUSR1]);
        register_shutdown_function($this->tellOfEnd(...));
        stream_filter_register('kernelbox.stderr', OrderedStderr::class);
        stream_filter_append(STDERR, 'kernelbox.stderr', STREAM_FILTER_WRITE);
        Settings::holdErrors();
    }

    public function greet(): void
    {
        $this->frames->emit('ready', '1', PHP_VERSION, 'complete', 'inspect', 'check', 'variables', ...(Fork::isPossible() ? ['fork'] : []));
    }

    /** Waits for a cell that can run; false when the host has gone. */
    public function prepare(): bool
    {
        $arguments = [];
        $variables = [];
        while (($frame = $this->frames->receive()) !== null) {
            [$name, $first, $second] = $frame + ['', '', ''];
            switch ($name) {
                case 'arg':
                    $arguments[] = $first;
                    break;
                case 'env':
                    $variables[$first] = $second;
                    break;
                case 'run':
                    if ($this->begin($first, $second, $arguments, $variables)) {
                        return true;
                    }
                    $arguments = $variables = [];
                    break;
                case 'fork':
                    if (Fork::make($this->frames)) {
                        $this->settleIn($first);
                    }
                    break;
                default:
                    $this->questions->answer($frame);
            }
        }
        if ($this->isCopy) {
            // What is left to destroy at the end is the original's.
            Fork::vanish();
        }
        return false;
    }

    /** The cell has come to its end, with a value. */
    public function end(mixed $value): void
    {
        $this->isRunning = false;
        Settings::holdErrors();
        $isOriginal = $this->settle();
        // An included file that returns nothing has the value 1.
        if ($isOriginal && $value !== null && $this->source->hasValue) {
            $this->frames->emit('result', ...Values::bundle($value));
        }
        if ($isOriginal) {
            $this->frames->emit('ok');
        }
    }

    /** The cell has thrown. */
    public function fail(\Throwable $error): void
    {
        if (!$error instanceof Interrupted) {
            $error = Settings::handled($error);
        }
        $this->isRunning = false;
        Settings::holdErrors();
        if (!$this->settle()) {
            return;
        }
        if ($error instanceof Interrupted) {
            $this->frames->emit('interrupted');
        } else {
            $this->frames->emit('error', ...Errors::fields($error, $this->file, $this->directories));
        }
    }

    /** The code calls `exit`: the host is told before the process ends. */
    public function leave(string|int $status): void
    {
        if ($this->isMain()) {
            $said = is_int($status) ? "exit($status)" : 'exit()';
            $line = '';
            foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS) as $frame) {
                if (($frame['file'] ?? '') === $this->file) {
                    $line = (string) ($frame['line'] ?? '');
                    break;
                }
            }
            $this->tellOfExit($said, $line);
        }
    }

    /**
     * The copy is a child, and holds every pipe that was open before the cell. Whoever waits for any child, or for the end of
     * a pipe, would wait for it. Without it, a crash in the rest of this cell is the kernel's end.
     */
    public function dropSnapshot(): void
    {
        if ($this->snapshot === null || !$this->isMain()) {
            return;
        }
        posix_kill($this->snapshot, SIGKILL);
        pcntl_waitpid($this->snapshot, $status);
        $this->snapshot = null;
        $this->frames->emit('running', (string) $this->process, '');
    }

    /** Whether this is the process that runs the cell, and not one that the cell has forked. */
    public function isMain(): bool
    {
        return getmypid() === $this->process;
    }

    /** Shows something, in its place among what is printed. */
    public function display(string ...$bundle): void
    {
        $this->flushBuffers();
        $this->frames->emit('display', '', ...$bundle);
        if ($this->isMain()) {
            $this->frames->sync();
        }
    }

    /** Reads input, of which the client is told what it is for. */
    public function ask(string $prompt, \Closure $read): string|false
    {
        $this->frames->emit('prompt', $prompt, 'echo');
        try {
            return $read();
        } finally {
            $this->frames->emit('prompt', '', 'echo');
        }
    }

    /**
     * @param list<string> $arguments
     * @param array<string, string> $variables
     */
    private function begin(string $code, string $name, array $arguments, array $variables): bool
    {
        $this->file = "$this->directory/$name";
        // Before anything of the cell is known to this process: a copy that takes over knows nothing of it.
        if (!$this->snapshot()) {
            return false;
        }
        $this->process = getmypid();
        try {
            // A copy may have it under the same number.
            @unlink($this->file);
            file_put_contents($this->file, $this->source->prepare($code, $name));
        } catch (\Throwable $error) {
            $this->settle();
            $this->frames->emit('error', ...Errors::fields($error, $this->file, $this->directories, $error->getLine()));
            return false;
        }
        foreach ($variables as $variable => $value) {
            $this->replaced[$variable] = getenv($variable);
            $this->setVariable($variable, $value);
        }
        $GLOBALS['argv'] = $_SERVER['argv'] = [$name, ...$arguments];
        $GLOBALS['argc'] = $_SERVER['argc'] = count($arguments) + 1;
        foreach (['SCRIPT_FILENAME', 'SCRIPT_NAME', 'PHP_SELF', 'PATH_TRANSLATED'] as $variable) {
            $_SERVER[$variable] = $name;
        }
        // An end of file that an earlier cell has met is not this one's.
        fseek(STDIN, 0, SEEK_CUR);
        pcntl_signal(SIGINT, $this->interrupt(...));
        $this->isRunning = true;
        restore_error_handler();
        $this->memory->start();
        $this->frames->emit('running', (string) $this->process, (string) $this->snapshot);
        return true;
    }

    /**
     * Makes a copy of this process that waits. This one goes on: true. In the copy it comes back when the original has
     * died, and then the cell is not run again: false.
     */
    private function snapshot(): bool
    {
        $copy = pcntl_fork();
        if ($copy !== 0) {
            $this->snapshot = $copy > 0 ? $copy : null;
            return true;
        }
        while (pcntl_sigwaitinfo([SIGUSR1]) !== SIGUSR1);
        $this->frames->emit('took-over', (string) getmypid());
        return false;
    }

    /** This process is a copy, whose host is at the pipes in this directory. */
    private function settleIn(string $directory): void
    {
        $this->pipes = Fork::takePipes($directory, $this->pipes);
        $this->isCopy = true;
        $this->process = getmypid();
        // The source of earlier functions can be asked for when the original has gone.
        foreach (glob("$this->directory/cell-*") ?: [] as $file) {
            @link($file, "$directory/" . basename($file));
        }
        $this->directory = $directory;
        array_unshift($this->directories, $directory);
        $this->greet();
    }

    /** Puts things back after a cell; false in a process that the cell has forked, which ends here. */
    private function settle(): bool
    {
        pcntl_signal(SIGINT, SIG_IGN);
        $this->memory->stop();
        $this->flushBuffers();
        if (!$this->isMain()) {
            exit(0);
        }
        $this->definitions->end();
        $this->forgetInput();
        foreach ($this->replaced as $name => $value) {
            $this->setVariable($name, $value);
        }
        $this->replaced = [];
        if ($this->snapshot !== null) {
            posix_kill($this->snapshot, SIGKILL);
            pcntl_waitpid($this->snapshot, $status);
            $this->snapshot = null;
        }
        return true;
    }

    /** PHP reads ahead: what this cell did not want must not reach the next one. */
    private function forgetInput(): void
    {
        stream_set_blocking(STDIN, false);
        do {
            $rest = fread(STDIN, 65536);
        } while ($rest !== false && $rest !== '');
        stream_set_blocking(STDIN, true);
    }

    private function interrupt(): void
    {
        if ($this->isRunning && $this->isMain()) {
            throw new Interrupted('the cell was interrupted');
        }
    }

    private function flushBuffers(): void
    {
        while (ob_get_level() > 0) {
            ob_end_flush();
        }
    }

    private function setVariable(string $name, string|false $value): void
    {
        if ($value === false) {
            putenv($name);
            unset($_ENV[$name], $_SERVER[$name]);
        } else {
            putenv("$name=$value");
            $_ENV[$name] = $_SERVER[$name] = $value;
        }
    }

    private function tellOfExit(string $said, string $line): void
    {
        $this->hasTold = true;
        $this->frames->emit('dying', 'Exit', "the code called $said; variables are as they were before this cell", $line, '');
    }

    private function endWithoutMemory(string $message, string $file, int $line): void
    {
        if ($this->isRunning && $this->isMain()) {
            $where = "  at $file:$line";
            $this->frames->emit('dying', 'FatalError', $message, $file === $this->file ? (string) $line : '', Errors::clean("FatalError: $message\n$where", $this->directories));
            Fork::vanish();
        }
    }

    private function tellOfEnd(): void
    {
        // There may be no memory left to tell that there is none.
        $this->reserve = '';
        ini_set('memory_limit', '-1');
        if (!$this->isRunning || !$this->isMain() || $this->hasTold) {
            return;
        }
        $error = error_get_last();
        $fatal = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR | E_PARSE;
        if ($error === null || ($error['type'] & $fatal) === 0) {
            // A file that the cell has included, or its `eval`.
            $this->tellOfExit('exit()', '');
            return;
        }
        $line = $error['file'] === $this->file ? (string) $error['line'] : '';
        $message = Errors::clean(explode("\n", $error['message'])[0], $this->directories);
        $this->frames->emit('dying', 'FatalError', $message, $line, '');
    }
}

/** What goes to STDERR keeps its place among what goes to STDOUT. */
final class OrderedStderr extends \php_user_filter
{
    public function filter($in, $out, &$consumed, bool $closing): int
    {
        $runner = Runner::$current;
        $isOurs = $runner !== null && $runner->isMain() && !$closing;
        $text = '';
        while ($bucket = stream_bucket_make_writeable($in)) {
            $consumed += $bucket->datalen;
            $text .= $bucket->data;
            if (!$isOurs) {
                stream_bucket_append($out, $bucket);
            }
        }
        if (!$isOurs) {
            return PSFS_PASS_ON;
        }
        if ($text !== '') {
            $runner->frames->emit('stream', 'stderr', $text);
            $runner->frames->sync();
        }
        return PSFS_FEED_ME;
    }
}
