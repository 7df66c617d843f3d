using System.Text.RegularExpressions;

namespace HpcFit.Coordinator.Comparing;

/// <summary>What the call of a smooth shows about the functions that it contains.</summary>
/// <param name="call">The call without blanks, such as <c>s(Age,k=4)</c>.</param>
internal sealed partial class SmoothCallParts(string call)
{
    /// <summary>Bases that contain straight lines.</summary>
    private static readonly HashSet<string> WithLines = ["tp", "ts", "cr", "cs", "ps", "bs", "ad"];

    /// <summary>Bases whose straight lines are penalised too.</summary>
    private static readonly HashSet<string> Shrunk = ["ts", "cs"];

    /// <summary>Whether it is a random effect, or consists of random curves.</summary>
    public bool IsRandomEffect => Basis is "re" or "fs";

    private string Function => call[..call.IndexOf('(', StringComparison.Ordinal)];

    private string Basis => BasisArgument().Match(call) is { Success: true } match ? match.Groups[1].Value : "tp";

    private bool HasBy => ByArgument().IsMatch(call);

    /// <summary>The covariates.</summary>
    private IEnumerable<string> Covariates => Arguments().Where(argument => !NamedArgument().IsMatch(argument));

    /// <summary>The covariates of which every straight line is among the functions of the smooth.</summary>
    public IEnumerable<string> Lines() => Function is "s" or "te" or "t2" && !HasBy && WithLines.Contains(Basis) ? Covariates : [];

    /// <summary>The effects that are not penalised, so that likelihoods by REML depend on them.</summary>
    public IEnumerable<string> FixedEffects() =>
        IsRandomEffect || Shrunk.Contains(Basis) ? []
        : Lines().Any() && Covariates.Count() == 1 ? Covariates
        : [call];

    private List<string> Arguments()
    {
        var (arguments, depth, start) = (new List<string>(), 0, call.IndexOf('(', StringComparison.Ordinal) + 1);
        for (var i = start; i < call.Length; i++)
        {
            if ((call[i] == ',' && depth == 0) || i == call.Length - 1)
            {
                arguments.Add(call[start..i]);
                start = i + 1;
            }
            depth +=
                call[i] is '(' ? 1
                : call[i] is ')' ? -1
                : 0;
        }
        return arguments;
    }

    [GeneratedRegex(@"[(,]bs=c?\(?[""'](\w+)[""']")]
    private static partial Regex BasisArgument();

    [GeneratedRegex(@"[(,]by=")]
    private static partial Regex ByArgument();

    [GeneratedRegex(@"^[\w.]+=(?!=)")]
    private static partial Regex NamedArgument();
}
