using System.Text;
using Spectre.Console;

namespace HpcFit.Coordinator.Monitoring.Progress;

/// <summary>Until it is disposed of, prints what is written to standard error above a live display instead of into it.</summary>
internal sealed class LiveDisplayWriter : TextWriter
{
    private readonly IAnsiConsole _console;
    private readonly TextWriter _before = Console.Error;
    private readonly StringBuilder _line = new();

    /// <summary>Replaces <see cref="Console.Error"/>.</summary>
    /// <param name="console">The console of the display.</param>
    public LiveDisplayWriter(IAnsiConsole console)
    {
        _console = console;
        Console.SetError(this);
    }

    /// <inheritdoc/>
    public override Encoding Encoding => _before.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        lock (_line)
        {
            if (value != '\n')
            {
                if (value != '\r')
                    _line.Append(value);
                return;
            }
            _console.WriteLine(_line.ToString());
            _line.Clear();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Console.SetError(_before);
        lock (_line)
            _before.Write(_line);
        base.Dispose(disposing);
    }
}
