"""The completion script for PowerShell 5.1 and later."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.commands.description import Description
from stt_cli.commands.generated import made_by_generator


def powershell(stt: Description) -> str:
    """Return the script for PowerShell 5.1 and later."""
    table = "\n".join(_powershell_rows(stt))
    return f"""# {made_by_generator("PowerShell")}
# Use: add `. path\\to\\stt.ps1` to the file that $PROFILE names.

$script:SttCommands = @{{
{table}
}}

Register-ArgumentCompleter -Native -CommandName stt -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $command = ''
    $expects = ''
    $known = $script:SttCommands['']
    $words = $commandAst.CommandElements |
        Where-Object {{ $_.Extent.EndOffset -lt $cursorPosition }} |
        Select-Object -Skip 1 | ForEach-Object {{ $_.ToString() }}
    foreach ($word in $words) {{
        if ($expects) {{ $expects = ''; continue }}
        if ($word.StartsWith('-')) {{
            if ($known.Values.ContainsKey($word)) {{ $expects = $word }}
            continue
        }}
        $below = ("$command $word").Trim()
        if ($script:SttCommands.ContainsKey($below)) {{
            $command = $below
            $known = $script:SttCommands[$command]
        }}
    }}
    if ($expects) {{ $found = $known.Values[$expects] }}
    elseif ($wordToComplete.StartsWith('-')) {{ $found = $known.Flags }}
    elseif ($known.Commands) {{ $found = $known.Commands }}
    else {{ $found = $known.Values[''] }}
    $found | Where-Object {{ $_ -and $_.StartsWith($wordToComplete) }} |
        ForEach-Object {{
            [System.Management.Automation.CompletionResult]::new(
                $_, $_, 'ParameterValue', $_)
        }}
}}
"""


def _powershell_rows(stt: Description) -> Iterator[str]:
    for command in stt.walk():
        subs = _powershell_list(child.path[-1] for child in command.children)
        flags = _powershell_list(f for option in command.options for f in option.flags)
        yield f"    '{' '.join(command.path)}' = @{{"
        yield f"        Commands = {subs}"
        yield f"        Flags = {flags}"
        yield "        Values = @{"
        for option in (*command.options, *command.arguments):
            for flag in option.flags or ("",):
                if option.metavar and (option.flags or option.choices):
                    yield f"            '{flag}' = {_powershell_list(option.choices)}"
        yield "        }"
        yield "    }"


def _powershell_list(values: Iterator[str] | tuple[str, ...]) -> str:
    return "@(" + ", ".join(f"'{value}'" for value in values) + ")"
