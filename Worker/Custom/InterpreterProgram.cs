using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Custom;

/// <summary>
/// The program that runs a language and, for R and Python, its bridge: the file, installed with this program, that runs inside it and
/// implements the protocol.
/// </summary>
/// <param name="Path">The program, absolute.</param>
/// <param name="Arguments">Its arguments; the bridge is the last.</param>
internal sealed record InterpreterProgram(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>The installed interpreter of a language.</summary>
    /// <exception cref="BadInputException">It is not installed.</exception>
    public static InterpreterProgram For(FunctionLanguage language) =>
        language switch
        {
            // Profiles would run code that the user did not name; environment files are kept, because they locate the user's packages.
            FunctionLanguage.R => new(Find("Rscript", "HPCFIT_RSCRIPT", "R"), ["--no-init-file", "--no-site-file", Bridge("bridge.R")]),
            FunctionLanguage.Python => new(Find("python3", "HPCFIT_PYTHON", "Python"), ["-B", Bridge("bridge.py")]),
            FunctionLanguage.Script or FunctionLanguage.Assembly => new(
                System.IO.Path.Combine(AppContext.BaseDirectory, "hpcfit-script-host"),
                []
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(language), language, "an unknown language"),
        };

    private static string Bridge(string file) => System.IO.Path.Combine(AppContext.BaseDirectory, "bridges", file);

    private static string Find(string program, string variable, string language)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
            return File.Exists(named)
                ? System.IO.Path.GetFullPath(named)
                : throw new BadInputException($"{variable} is '{named}', which does not exist.");
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => System.IO.Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new BadInputException(
                $"'{program}', which runs functions in {language}, is not in any folder of PATH ({string.Join(':', folders)}). "
                    + $"Load it (module load {language}), install it (apt install {(language == "R" ? "r-base-core" : "python3")}), "
                    + $"or set {variable} to its path."
            );
    }
}
