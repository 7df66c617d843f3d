namespace HpcFit.Shared.Functions;

/// <summary>
/// A function of one element's data, for built assemblies: <c>hpcfit run --model custom --function my.dll</c> makes one object of the
/// public type that implements this, in every process that fits, and calls it at one element after the other.
/// </summary>
public interface IElementFunction
{
    /// <summary>What the function answers at an element: the result columns' names and values, the same names at every element.</summary>
    /// <param name="data">The element's data; valid until the call returns.</param>
    /// <remarks>An exception costs the element a status code; its message is in the run's report.</remarks>
    IEnumerable<KeyValuePair<string, double>> Fit(ElementData data);
}
