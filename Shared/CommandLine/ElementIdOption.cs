using System.CommandLine;

namespace HpcFit.Shared.CommandLine;

/// <summary>
/// <c>--id</c>: one element, counted from 1 like all element numbers on the command line. The results' column <c>element_id</c> counts from
/// 0.
/// </summary>
public static class ElementIdOption
{
    /// <summary>Creates the option, which is required.</summary>
    public static Option<long> Create() =>
        CountOption.Required(
            "--id",
            "the element, counted from 1 as in --element-subset; the results' element_id is one less",
            "Elements are counted from 1, as in --element-subset: element_id 0 of the results is --id 1."
        );
}
