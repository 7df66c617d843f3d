using System.Text;

namespace HpcFit.Tests;

/// <summary>
/// The standard error of each test of its own, although it belongs to the process: what a test writes goes to the writer that it asked for
/// last, so that such tests run together with others.
/// </summary>
internal sealed class StandardError : TextWriter
{
    private static readonly AsyncLocal<StringWriter?> Current = new();

    private readonly TextWriter _ofTheProcess;

    static StandardError() => Console.SetError(new StandardError(Console.Error));

    private StandardError(TextWriter ofTheProcess) => _ofTheProcess = ofTheProcess;

    /// <inheritdoc/>
    public override Encoding Encoding => _ofTheProcess.Encoding;

    /// <summary>From now on, what this test writes to standard error.</summary>
    public static StringWriter OfThisTest() => Current.Value = new();

    /// <inheritdoc/>
    public override void Write(char value) => (Current.Value ?? _ofTheProcess).Write(value);

    /// <inheritdoc/>
    public override void Write(string? value) => (Current.Value ?? _ofTheProcess).Write(value);
}
