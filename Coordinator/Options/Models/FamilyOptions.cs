using System.CommandLine;
using HpcFit.Shared.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>The distribution of the response and its link, as in R's glm.</summary>
internal sealed class FamilyOptions
{
    private readonly Option<string?> _family = TextOption.Optional(
        "--family",
        TextOption.Name,
        $"the distribution of the response as in R: {string.Join(", ", FamilySpec.Names)}; also with its link: "
            + "'binomial(link=\"probit\")' (default: gaussian)",
        text => FamilySpec.Parse(text, null)
    );
    private readonly Option<string?> _link = TextOption.Optional(
        "--link",
        TextOption.Name,
        $"the link of --family: {string.Join(", ", FamilySpec.LinkNames)} (default: R's of the family)"
    );

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> Options => [_family, _link];

    /// <summary>The family; null: normal with the identity link.</summary>
    /// <exception cref="UsageException">The family or link is unknown, or the two do not belong together.</exception>
    public FamilySpec? Read(ParseResult line) =>
        (line.GetValue(_family), line.GetValue(_link)) switch
        {
            (null, null) => null,
            (null, { } link) => throw new UsageException($"{_link.Name} {link} needs {_family.Name}, such as {_family.Name} binomial."),
            ({ } family, var link) => FamilySpec.Parse(family, link),
        };
}
