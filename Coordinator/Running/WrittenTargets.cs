using HpcFit.Coordinator.Records;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Running;

/// <summary>Which results of a run that already exists are where they belong.</summary>
/// <param name="run">The run.</param>
/// <param name="targets">Where the results of each of its members go.</param>
/// <param name="metadataTimeout">How long a call into the HDF5 library may take.</param>
internal sealed class WrittenTargets(RunDirectory run, IReadOnlyList<OutputTarget> targets, TimeSpan metadataTimeout)
{
    private List<(RunDirectory Member, OutputTarget Target)>? _missing;

    /// <summary>One line per member if the results of all are there, and none is to be replaced; otherwise none.</summary>
    public IReadOnlyList<string> Lines(CancellationToken token) =>
        Missing(token).Count == 0 ? [.. run.Members().Zip(targets, (member, target) => WrittenResults.Line(member.Document, target))] : [];

    /// <summary>Refuses targets that cannot be written, of members whose results are not there.</summary>
    /// <exception cref="BadInputException">The message says what to do.</exception>
    public void RefuseOthers(CancellationToken token)
    {
        foreach (var (member, target) in Missing(token))
            ResultsOfRun.RefuseTarget(target, member.Document.Spec, metadataTimeout, token);
    }

    /// <summary>
    /// The members whose results are not there, or are to be replaced. Each question starts a process, so it is asked once.
    /// </summary>
    private List<(RunDirectory Member, OutputTarget Target)> Missing(CancellationToken token) =>
        _missing ??= [.. run.Members().Zip(targets).Where(one => !IsThere(one.First, one.Second, token))];

    private bool IsThere(RunDirectory member, OutputTarget target, CancellationToken token) =>
        !target.Overwrite && WrittenResults.AreThere(member.Document, target, metadataTimeout, token);
}
