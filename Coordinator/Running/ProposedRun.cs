using System.Reflection;
using HpcFit.Coordinator.Launching;
using HpcFit.Coordinator.Records;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>A run that passed the probe. Nothing of it is on disk yet, unless the same run already exists.</summary>
/// <param name="Document">What is computed.</param>
/// <param name="Folder">Its run directory.</param>
internal sealed record ProposedRun(RunDocument Document, string Folder)
{
    /// <summary>This program's version.</summary>
    public static string Version { get; } =
        typeof(ProposedRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The commit from which this program was built; null: its sources were in no repository.</summary>
    private static string? Commit { get; } =
        typeof(ProposedRun)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == "Commit")
            ?.Value;

    /// <summary>Has a worker probe a model.</summary>
    /// <param name="workers">The worker processes.</param>
    /// <param name="spec">What to compute.</param>
    /// <param name="folder"><c>--run-dir</c>; null: next to the data file, named by the digest.</param>
    /// <param name="target">Where the results will go.</param>
    /// <param name="metadataTimeout">How long a call into the HDF5 library may take.</param>
    /// <param name="token">Stops the probe.</param>
    /// <exception cref="ProbeRefusedException">The model cannot be fitted.</exception>
    public static ProposedRun Probe(
        WorkerPool workers,
        RunSpec spec,
        string? folder,
        OutputTarget target,
        TimeSpan metadataTimeout,
        CancellationToken token
    )
    {
        var answer = workers.Probe(spec, metadataTimeout, token);
        foreach (var warning in answer.Warnings)
            Console.Error.WriteLine($"WRN {warning}");
        var document = new RunDocument
        {
            Digest = answer.Digest,
            Spec = spec,
            Inputs = answer.Inputs!,
            Layout = answer.Layout!,
            Estimates = answer.Estimates!,
            Files = answer.Files,
            Subjects = answer.Subjects,
            Checksums = answer.Checksums,
            Warnings = answer.Warnings,
            ProgramVersion = Version,
            ProgramCommit = Commit,
            Created = DateTimeOffset.UtcNow,
        };
        var isWritten =
            !target.Overwrite
            && (
                target.OutputFile is null
                    ? WrittenResults.AreAmong(document, target, answer.Holds.Written)
                    : WrittenResults.AreThere(document, target, metadataTimeout, token)
            );
        if (!isWritten)
            ResultsOfRun.RefuseNames(target, spec, answer.Holds);
        return new(document, Path.GetFullPath(folder ?? Path.Combine($"{spec.Data[0].Path}.hpcfit", document.Digest[..12])))
        {
            IsWritten = isWritten,
        };
    }

    /// <summary>Whether the target already holds the results of this run, without a request to replace them.</summary>
    public bool IsWritten { get; init; }

    /// <summary>The run directory if the same run already exists; null: it is new.</summary>
    public RunDirectory? Find() => RunDirectory.TryOpen(Folder) is { } run && run.Document.Digest == Document.Digest ? run : null;

    /// <summary>Creates the run directory, or opens that of the same run, and records where the results go.</summary>
    public RunDirectory Create(OutputTarget target)
    {
        var run = RunDirectory.CreateOrOpen(Folder, Document);
        run.WriteTarget(target);
        return run;
    }
}
