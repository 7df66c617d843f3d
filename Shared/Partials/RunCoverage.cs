using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Runs;

namespace HpcFit.Shared.Partials;

/// <summary>The coverage of everything that the rounds of a run directory fit: one run, or the runs of a batch.</summary>
public sealed class RunCoverage
{
    private RunCoverage(IReadOnlyList<Coverage> members)
    {
        Members = members;
        Elements = members.Skip(1).Aggregate(members[0].Elements, (all, member) => all.Intersect(member.Elements));
    }

    /// <summary>The coverage of each run, in the order of <see cref="RunDirectory.Members"/>.</summary>
    public IReadOnlyList<Coverage> Members { get; }

    /// <summary>The elements with a valid block in every run.</summary>
    public ElementSet Elements { get; }

    /// <summary>Whether no run has a valid block.</summary>
    public bool IsEmpty => Members.All(member => member.Elements.IsEmpty);

    /// <summary>Files and parts of files that were ignored, and why.</summary>
    public IEnumerable<string> LeftOut => Members.SelectMany(member => member.LeftOut);

    /// <summary>Reads and verifies all partials.</summary>
    /// <exception cref="PartialConflictException">Two blocks differ where they overlap.</exception>
    /// <exception cref="BadInputException">Two attempts read different bytes at the same elements, or a run of the batch is
    /// missing.</exception>
    public static RunCoverage Read(RunDirectory run, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new([.. run.Members().Select(member => Coverage.Read(member, token))]);
    }

    /// <summary>The indices of the runs that miss any of some elements; null: all of them do.</summary>
    public IReadOnlyList<int>? MembersWithout(ElementSet elements)
    {
        var missing = Enumerable.Range(0, Members.Count).Where(index => !elements.Except(Members[index].Elements).IsEmpty).ToList();
        return missing.Count == Members.Count ? null : missing;
    }
}
