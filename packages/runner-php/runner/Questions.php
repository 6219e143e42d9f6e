<?php

namespace Kernelbox;

/** Answers what is asked beside cells. */
final class Questions
{
    private const HIDDEN = ['__kb', 'argv', 'argc', 'GLOBALS', '_GET', '_POST', '_COOKIE', '_FILES', '_SERVER', '_ENV', '_REQUEST', '_SESSION'];
    private const WORDS = [
        'abstract', 'array', 'break', 'catch', 'class', 'clone', 'const', 'continue', 'default', 'echo', 'else', 'elseif', 'enum', 'extends',
        'final', 'finally', 'fn', 'for', 'foreach', 'function', 'global', 'if', 'implements', 'instanceof', 'interface', 'isset', 'match', 'namespace',
        'new', 'print', 'private', 'protected', 'public', 'readonly', 'require', 'return', 'static', 'switch', 'throw', 'trait', 'try', 'unset',
        'use', 'while', 'yield', 'true', 'false', 'null',
    ];

    public function __construct(private readonly Frames $frames)
    {
    }

    /** @param list<string> $frame */
    public function answer(array $frame): void
    {
        [$name, $code, $position, $detail] = $frame + ['', '', '', ''];
        $answer = match ($name) {
            'complete' => $this->complete(substr($code, 0, (int) $position)),
            'inspect' => $this->inspect($code, (int) $position, $detail === '1'),
            'check' => $this->check($code),
            'variables' => $this->variables(),
            default => null,
        };
        if ($answer !== null) {
            $this->frames->emit('answer', ...$answer);
        }
    }

    /** @return list<string> */
    private function complete(string $before): array
    {
        if (preg_match('/(?:(\$\w+|[\w\\\\]+)(->|\?->|::))(\$?\w*)$/', $before, $found)) {
            $word = $found[3];
            $candidates = $this->members($found[1], $found[2]);
        } elseif (preg_match('/\$(\w*)$/', $before, $found)) {
            $word = $found[1];
            $candidates = array_diff(array_keys($GLOBALS), self::HIDDEN);
        } else {
            preg_match('/\w*$/', $before, $found);
            $word = $found[0];
            $functions = get_defined_functions();
            $own = array_filter($functions['user'], fn($name) => !preg_match('/^\0|^kernelbox\\\\/', $name));
            $candidates = [...$own, ...$functions['internal'], ...get_declared_classes(), ...array_keys(get_defined_constants()), ...self::WORDS];
        }
        $matches = $word === '' && !isset($found[1]) ? [] : preg_grep('/^' . preg_quote($word, '/') . '/i', array_map('strval', $candidates));
        $matches = array_unique($matches);
        sort($matches);
        return [(string) (strlen($before) - strlen($word)), (string) strlen($before), ...$matches];
    }

    /** @return list<string> */
    private function members(string $of, string $operator): array
    {
        $value = str_starts_with($of, '$') ? ($GLOBALS[substr($of, 1)] ?? null) : $of;
        $class = is_object($value) ? get_class($value) : (is_string($value) && class_exists($value, false) ? $value : null);
        if ($class === null) {
            return [];
        }
        $reflection = new \ReflectionClass($class);
        $isStatic = $operator === '::';
        $methods = array_filter($reflection->getMethods(\ReflectionMethod::IS_PUBLIC), fn($method) => $method->isStatic() === $isStatic);
        $names = array_column($methods, 'name');
        if ($isStatic) {
            $properties = array_map(fn($name) => "\$$name", array_keys($reflection->getStaticProperties()));
            return [...$names, ...array_keys($reflection->getConstants()), ...$properties, 'class'];
        }
        return [...$names, ...array_keys(is_object($value) ? get_object_vars($value) : [])];
    }

    /** @return list<string> */
    private function inspect(string $code, int $position, bool $isDetailed): array
    {
        preg_match('/\$?\w*$/', substr($code, 0, $position), $before);
        preg_match('/^\w*/', substr($code, $position), $after);
        $name = $before[0] . $after[0];
        if (str_starts_with($name, '$')) {
            $value = $GLOBALS[substr($name, 1)] ?? null;
            return $value === null ? [] : ['text/plain', get_debug_type($value) . ' ' . Values::text($value)];
        }
        $what = match (true) {
            $name === '' => null,
            function_exists($name) => new \ReflectionFunction($name),
            class_exists($name, false) || interface_exists($name, false) || trait_exists($name, false) => new \ReflectionClass($name),
            default => null,
        };
        if ($what === null) {
            return [];
        }
        $text = $what instanceof \ReflectionFunction ? self::signature($what, $name) : trim((string) $what);
        $comment = $what->getDocComment();
        $source = $isDetailed && $what->getFileName() !== false ? "\n" . self::source($what) : '';
        return ['text/plain', ($comment === false ? '' : "$comment\n") . $text . $source];
    }

    private static function signature(\ReflectionFunction $function, string $name): string
    {
        $parameters = array_map(function (\ReflectionParameter $parameter): string {
            $type = $parameter->getType();
            $default = $parameter->isDefaultValueAvailable() ? ' = ' . Values::text($parameter->getDefaultValue()) : '';
            $marks = ($parameter->isPassedByReference() ? '&' : '') . ($parameter->isVariadic() ? '...' : '');
            return ($type === null ? '' : "$type ") . "$marks\${$parameter->getName()}$default";
        }, $function->getParameters());
        $type = $function->getReturnType();
        return "function $name(" . implode(', ', $parameters) . ')' . ($type === null ? '' : ": $type");
    }

    private static function source(\ReflectionFunction|\ReflectionClass $what): string
    {
        $file = $what->getFileName();
        if (in_array(dirname($file), Runner::$current->directories, true)) {
            $file = Runner::$current->directory . '/' . basename($file);
        }
        $lines = @file($file);
        $first = $what->getStartLine() - 1;
        return $lines === false ? '' : implode('', array_slice($lines, $first, $what->getEndLine() - $first));
    }

    /** @return list<string> */
    private function check(string $code): array
    {
        try {
            \PhpToken::tokenize("<?php $code", TOKEN_PARSE);
            return ['complete'];
        } catch (\ParseError $error) {
            try {
                \PhpToken::tokenize("<?php $code\n;", TOKEN_PARSE);
                return ['complete'];
            } catch (\ParseError) {
                $isOpen = preg_match('/unexpected end of file|Unterminated comment|^Unclosed/', $error->getMessage());
                return $isOpen ? ['incomplete', '    '] : ['invalid'];
            }
        }
    }

    /** @return list<string> */
    private function variables(): array
    {
        $answer = [];
        foreach (array_diff(array_keys($GLOBALS), self::HIDDEN) as $name) {
            $value = $GLOBALS[$name];
            $size = match (true) {
                is_string($value) => (string) strlen($value),
                is_countable($value) => (string) count($value),
                default => '',
            };
            $text = Values::text($value);
            array_push($answer, '$' . $name, get_debug_type($value), strlen($text) > 200 ? mb_strcut($text, 0, 200) . '…' : $text, $size);
        }
        return $answer;
    }
}
