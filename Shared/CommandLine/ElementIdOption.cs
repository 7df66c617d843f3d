using System.CommandLine;

namespace HpcFit.Shared.CommandLine;

/// <summary>
/// <c>--id</c>: one element, counted from 1 as everything that users type about elements. The results' column <c>element_id</c> counts from
/// 0.
/// </summary>
public static class ElementIdOption
{
    /// <summary>The option.</summary>
    public static Option<long> Create() =>
        CountOption.Required(
            "--id",
            "the element, counted from 1 as in --element-subset; the results' element_id is one less",
            "Elements are counted from 1, as in --element-subset: element_id 0 of the results is --id 1."
        );
}
