using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HpcFit.Shared.CommandLine;

namespace HpcFit.Coordinator.Options;

/// <summary>
/// <c>--json</c>: the result as one JSON object on standard output, which has nothing else. A failure leaves it empty: its message is on
/// standard error, and the exit code gives its kind.
/// </summary>
internal static class JsonOption
{
    /// <summary>Formulas contain <c>+</c> and <c>'</c>, which would otherwise be escaped.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Creates the option.</summary>
    public static Option<bool> Create() => SwitchOption.Create("--json", "print the result as one JSON object, and nothing else");

    /// <summary>Prints a result on one line.</summary>
    public static void Print<T>(T result, JsonTypeInfo<T> type)
    {
        using var output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, Readable))
            JsonSerializer.Serialize(writer, result, type);
        output.WriteByte((byte)'\n');
    }
}
