using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Hosting;

/// <summary>The version of a program: Directory.Build.props has its number, the repository its commit.</summary>
/// <param name="Number">The release, such as <c>0.1.0</c>.</param>
/// <param name="Commit">The complete commit id, with <c>-dirty</c> if the sources differed from it; null: the sources had no
/// repository.</param>
public sealed record ProgramVersion(string Number, string? Commit)
{
    private const int ShownDigits = 12;

    /// <summary>The running program's version.</summary>
    public static ProgramVersion Current { get; } = FromAssembly(Assembly.GetEntryAssembly() ?? typeof(ProgramVersion).Assembly);

    /// <summary>The version that the build recorded in an assembly.</summary>
    public static ProgramVersion FromAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var number = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var commit = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == "Commit");
        return new(number, commit?.Value);
    }

    /// <summary>Number and abbreviated commit: <c>0.1.0 (commit 0123456789ab)</c>.</summary>
    public override string ToString() => Commit is null ? Number : $"{Number} (commit {Abbreviated(Commit)})";

    /// <summary>Replaces the answer of the library's <c>--version</c>.</summary>
    /// <param name="root">The program.</param>
    internal static void ApplyTo(RootCommand root)
    {
        if (root.Options.OfType<VersionOption>().FirstOrDefault() is { } option)
            option.Action = new Shown();
    }

    private static string Abbreviated(string commit)
    {
        var digits = commit.Split('-')[0];
        return digits[..Math.Min(ShownDigits, digits.Length)] + commit[digits.Length..];
    }

    private sealed class Shown : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var program = Path.GetFileNameWithoutExtension(Environment.GetCommandLineArgs()[0]);
            parseResult.InvocationConfiguration.Output.WriteLine($"{program} {Current}");
            return (int)ExitCode.Success;
        }
    }
}
