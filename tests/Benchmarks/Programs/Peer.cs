using System.ComponentModel;
using System.Globalization;
using HpcFit.Benchmarks.Measuring;

namespace HpcFit.Benchmarks.Programs;

/// <summary>
/// Another program for the same work, in Debian's Python or R. The page lists programs that are not installed as not measured.
/// </summary>
/// <param name="Name">Its name in the page.</param>
/// <param name="Program">The interpreter.</param>
/// <param name="File">The file under Peers/.</param>
internal sealed record Peer(string Name, string Program, string File)
{
    public static readonly Peer ByHand = new("h5py + numpy + scipy", "/usr/bin/python3", "script.py");
    public static readonly Peer LmFit = new("R, matrix lm.fit", "Rscript", "lm_fit.R");
    public static readonly Peer Gam = new("R, mgcv::gam", "Rscript", "gam.R");
    public static readonly Peer Lmm = new("R, lme4::refit", "Rscript", "lmm.R");
    public static readonly Peer MakeVolumes = new("nibabel", "/usr/bin/python3", "make_volumes.py");
    public static readonly Peer ConvertVolumes = new("nibabel + h5py", "/usr/bin/python3", "convert_volumes.py");
    public static readonly Peer WriteMatrix = new("h5py", "/usr/bin/python3", "write_matrix.py");
    public static readonly Peer R = new("R", "Rscript", "versions.R");

    /// <summary>Runs it; null when it, or a package it needs, is not installed.</summary>
    public Measured? TryRun(params IEnumerable<string> arguments)
    {
        try
        {
            var run = Runner.Run(Program, [Path.Combine(AppContext.BaseDirectory, "Peers", File), .. arguments]);
            if (run.ExitCode == 0)
                return run;
            Console.Error.WriteLine($"bench: {Name} is not measured: {run.Errors.Trim().Split('\n')[^1]}");
        }
        catch (Exception absent) when (absent is Win32Exception or InvalidOperationException)
        {
            Console.Error.WriteLine($"bench: {Name} is not measured: {absent.Message}");
        }
        return null;
    }

    /// <summary>The figure a script printed as <c>name seconds</c>.</summary>
    public static double Figure(Measured run, string name) =>
        run
            .Output.Split('\n')
            .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            .Select(line => double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture))
            .Single();
}
