namespace HpcFit.Shared.Functions;

/// <summary>
/// A function of one element's data, for built assemblies: <c>hpcfit run --model custom --function my.dll</c> creates one object of the
/// public type that implements this interface in every fitting process, and calls it for one element at a time.
/// </summary>
public interface IElementFunction
{
    /// <summary>The function's result at an element: names and values of the result columns, with the same names at every
    /// element.</summary>
    /// <param name="data">The element's data; valid until the call returns.</param>
    /// <remarks>An exception gives the element a status code instead of values; its message is in the run's report.</remarks>
    IEnumerable<KeyValuePair<string, double>> Fit(ElementData data);
}
