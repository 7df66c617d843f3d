using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>Where a new run's directory is to be.</summary>
/// <param name="Own"><c>--run-dir</c>; null: a folder named by the digest, next to the data file or in <paramref name="Scratch"/>.</param>
/// <param name="Scratch"><c>--scratch</c>; null: next to the data file.</param>
internal sealed record RunFolder(string? Own, string? Scratch)
{
    /// <summary>The directory of a run. One that exists next to the data file is used before one in the scratch folder.</summary>
    /// <param name="spec">The run's spec.</param>
    /// <param name="digest">The run's digest.</param>
    /// <param name="isMember">Whether the run is one of several models, each of which has its own folder in <c>--run-dir</c>.</param>
    public string For(RunSpec spec, string digest, bool isMember)
    {
        var name = digest[..12];
        if (Own is not null)
            return Path.GetFullPath(isMember ? Path.Combine(Own, name) : Own);
        var beside = Path.Combine($"{spec.Data[0].Path}.hpcfit", name);
        return Path.GetFullPath(Scratch is null || Directory.Exists(beside) ? beside : Path.Combine(Scratch, name));
    }
}
