<?php

namespace Kernelbox;

/**
 * Takes definitions back, which PHP itself cannot: the tables of the engine are reached through FFI. What has been taken
 * back stays in its table under a name that no code can say, so that whatever still uses it goes on with it: objects,
 * subclasses, generators that are half used.
 */
final class Engine
{
    /** The beginnings of the engine's structures, on machines with 64 bits. */
    private const STRUCTURES = '
        typedef struct { uint32_t references, flags; uint64_t hash; size_t length; char text[1]; } string_t;
        typedef struct { char *value; uint32_t type, next; uint64_t hash; string_t *key; } bucket_t;
        typedef struct { uint32_t references, type, flags, mask; bucket_t *buckets; uint32_t used, count, size, cursor; int64_t next; void *destructor; } table_t;
        typedef struct code_t {
            uint8_t type; uint8_t flags[3]; uint32_t more_flags; string_t *name; void *scope[2]; uint32_t parameters[2]; void *details[2];
            %s
            int variables; uint32_t length; void *instructions[5]; int counts[2]; void *ranges[2]; string_t *file;
            uint32_t lines[2]; %s int literals; uint32_t inner_count; void *literal_values; struct code_t **inner;
        } code_t;
        typedef struct { char type; string_t *name; void *parent; int references; uint32_t flags; int counts[2]; void *members[3]; table_t methods; } class_t;
        typedef struct { uint32_t references, flags, handle, more_flags; uint64_t class; void *rest[4]; code_t code; } closure_t;
        typedef union { uint64_t number; closure_t *object; } place_t;
        typedef struct { place_t *places; uint32_t top, size; } store_t;
        typedef struct { void *first[7]; table_t *functions; table_t *classes; uint32_t more[25]; uint32_t options; } compiler_t;
        typedef struct { uint64_t values[38]; table_t variables, files; void *jump; int numbers[2]; table_t *functions; table_t *classes; table_t *constants; uint64_t rest[150]; } executor_t;
        extern compiler_t compiler_globals;
        extern executor_t executor_globals;
        bucket_t *zend_hash_str_find(table_t *table, const char *key, size_t length);
        bucket_t *zend_hash_set_bucket_key(table_t *table, bucket_t *bucket, string_t *key);
        string_t *zend_strpprintf(size_t longest, const char *format, ...);
        void *memset(void *at, int byte, size_t count);
        void _exit(int status);
    ';
    private const BEFORE_84 = ['uint32_t temporaries; char *cache; int cache_size;', 'string_t *comment;'];
    private const SINCE_84 = ['char *cache; string_t *comment; uint32_t temporaries; void *property; int cache_size;', ''];
    private const USER_CODE = 2;
    private const USER_CLASS = "\2";
    /** The flag of a class's name that says that the class has been looked up. */
    private const LOOKED_UP = 1 << 5;
    /** The compiler's options, as they are, and one more: it would write the values of constants into the code that reads them. */
    private const OPTIONS = 1 << 2;
    private const WITHOUT_VALUES = 1 << 6;
    private int $count = 0;
    private ?int $storeAt = null;

    private function __construct(private readonly \FFI $c)
    {
    }

    /** The engine, if it can be reached and is made as we know it. */
    public static function open(): ?self
    {
        if (!Fork::isPossible() || PHP_ZTS || PHP_INT_SIZE !== 8) {
            return null;
        }
        try {
            $parts = PHP_VERSION_ID >= 80400 ? self::SINCE_84 : self::BEFORE_84;
            $engine = new self(\FFI::cdef(sprintf(self::STRUCTURES, ...$parts)));
        } catch (\Throwable) {
            return null; // what we need is not there
        }
        // One that is made in another way may crash: a child finds out.
        $child = pcntl_fork();
        if ($child === 0) {
            $engine->c->_exit($engine->works() ? 0 : 1);
        }
        if ($child === -1 || pcntl_waitpid($child, $status) !== $child || !pcntl_wifexited($status) || pcntl_wexitstatus($status) !== 0) {
            return null;
        }
        $engine->c->compiler_globals->options |= self::WITHOUT_VALUES;
        return $engine;
    }

    /** Whether there is a definition of a cell under this name; `$kind` is `functions`, `classes` or `constants`. */
    public function has(string $kind, string $name): bool
    {
        return $this->c->zend_hash_str_find($this->table($kind), $name, strlen($name)) !== null;
    }

    /** Gives a definition another name: the new one. Without one it gets a name that no code can say. */
    public function rename(string $kind, string $name, ?string $new = null): string
    {
        $table = $this->table($kind);
        $bucket = $this->c->zend_hash_str_find($table, $name, strlen($name));
        $new ??= "\0$name " . ++$this->count;
        if ($kind === 'classes') {
            // Otherwise types in code that is compiled already would mean this class for ever.
            $this->class($bucket)->name->flags &= ~self::LOOKED_UP;
        }
        $key = $new[0] === "\0"
            ? $this->c->zend_strpprintf(0, '%c%s', 0, substr($new, 1))
            : $this->c->zend_strpprintf(0, '%s', $new);
        $this->c->zend_hash_set_bucket_key($table, $bucket, $key);
        return $new;
    }

    /** Makes code that has run already look up names again. */
    public function forget(): void
    {
        foreach ($this->own('functions') as $bucket) {
            $code = $this->c->cast('code_t *', $bucket->value);
            if ($code->type !== self::USER_CODE) {
                break;
            }
            $this->forgetIn($code);
        }
        foreach ($this->own('classes') as $bucket) {
            if ($this->class($bucket)->type !== self::USER_CLASS) {
                break;
            }
            $methods = $this->class($bucket)->methods;
            for ($index = 0; $index < $methods->used; $index++) {
                $method = $methods->buckets[$index];
                if ($method->type !== 0) {
                    $this->forgetIn($this->c->cast('code_t *', $method->value));
                }
            }
        }
        $this->forgetInClosures();
    }

    /** Defines things again, and looks whether old code uses the new ones. */
    private function works(): bool
    {
        $compiler = $this->c->compiler_globals;
        if ($compiler->classes != $this->c->executor_globals->classes || $compiler->options !== self::OPTIONS || $this->store() === null) {
            return false;
        }
        $definitions = 'class KbProbe { const A = %1$d; public static function make() { return new KbProbe; } }
            function kb_probe() { return %1$d; } const KB_PROBE = %1$d;';
        eval(sprintf($definitions, 1));
        $read = eval('return function (KbProbe ...$given) { $make = fn() => (new KbProbe)::A; return kb_probe() . KbProbe::make()::A . $make(); };');
        $old = new \KbProbe();
        if ($read($old) !== '111' || $read() !== '111') {
            return false;
        }
        foreach (['classes' => 'kbprobe', 'functions' => 'kb_probe', 'constants' => 'KB_PROBE'] as $kind => $name) {
            $this->rename($kind, $name);
        }
        $this->forget();
        eval(sprintf($definitions, 2));
        return $read(new \KbProbe()) === '222' && constant('KB_PROBE') === 2 && $old::A === 1;
    }

    private function table(string $kind): \FFI\CData
    {
        return $kind === 'constants' ? $this->c->executor_globals->constants : $this->c->compiler_globals->{$kind};
    }

    private function class(\FFI\CData $bucket): \FFI\CData
    {
        return $this->c->cast('class_t *', $bucket->value);
    }

    /** What is in a table, the newest first: those of PHP itself come last. */
    private function own(string $kind): \Generator
    {
        $table = $this->table($kind);
        for ($index = $table->used - 1; $index >= 0; $index--) {
            $bucket = $table->buckets[$index];
            if ($bucket->type !== 0) {
                yield $bucket;
            }
        }
    }

    private function forgetIn(\FFI\CData $code): void
    {
        if ($code->type !== self::USER_CODE) {
            return;
        }
        if ($code->cache !== null) {
            $this->c->memset($code->cache, 0, $code->cache_size);
        }
        for ($index = 0; $index < $code->inner_count; $index++) {
            $this->forgetIn($code->inner[$index]);
        }
    }

    /** Closures have code of their own. They are found among all objects. */
    private function forgetInClosures(): void
    {
        $store = $this->store();
        $closure = $this->c->zend_hash_str_find($this->table('classes'), 'closure', 7)->value;
        $closure = $this->c->cast('uint64_t', $closure)->cdata;
        for ($index = 1; $index < $store->top; $index++) {
            $place = $store->places[$index];
            // The places of objects that are gone are marked in the lowest bit.
            if (($place->number & 1) === 0 && $place->object->class === $closure) {
                $this->forgetIn($place->object->code);
            }
        }
    }

    /** Where all objects are: it has another place in each version of PHP. */
    private function store(): ?\FFI\CData
    {
        $probe = new \stdClass();
        $handle = spl_object_id($probe);
        $globals = $this->c->executor_globals;
        for ($index = $this->storeAt ?? 0; $index < 148; $index++) {
            $store = $this->c->cast('store_t *', \FFI::addr($globals->rest[$index]));
            $isStore = $globals->rest[$index] > 65536 && ($globals->rest[$index] & 7) === 0 && $store->top > $handle && $store->size >= $store->top
                && $store->size >= 1024 && ($store->size & ($store->size - 1)) === 0;
            if ($isStore && ($store->places[$handle]->number & 7) === 0 && $store->places[$handle]->object->handle === $handle) {
                $this->storeAt = $index;
                return $store;
            }
        }
        return null;
    }
}
