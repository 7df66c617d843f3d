using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Summaries;

/// <summary>Converts element numbers, which users count from 1, to ids, which the file and the results' <c>element_id</c> count from
/// 0.</summary>
internal static class ElementNumber
{
    /// <summary>The id of an element.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="scalar">The scalar, for messages.</param>
    /// <param name="total">The number of elements in the scalar.</param>
    /// <exception cref="BadInputException">There is no such element.</exception>
    public static long ToId(long number, string scalar, long total) =>
        number >= 1 && number <= total
            ? number - 1
            : throw new BadInputException(
                $"--id is {number}; the scalar '{scalar}' has elements 1 to {total}. They are counted from 1, as in --element-subset: "
                    + "element_id 0 of the results is --id 1."
            );

    /// <summary>Number and id of an element, for a heading.</summary>
    public static string Title(long id, long total) => $"element {id + 1} of {total}; element_id {id} in the results";
}
