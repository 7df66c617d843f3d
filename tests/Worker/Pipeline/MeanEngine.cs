using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Pipeline;

/// <summary>
/// The mean and the number of finite subjects of every element: just enough arithmetic to detect misplaced values.
/// </summary>
internal sealed class MeanEngine(string scalar) : IModelEngine
{
    public ResultLayout Layout { get; } =
        new(
            ["mean", "n"],
            [new("element_id", ResultSource.ElementId), new("mean", ResultSource.Partial, 0), new("n", ResultSource.Partial, 1)]
        );

    public IReadOnlyList<string> Scalars { get; } = [scalar];

    public IReadOnlyList<string> CohortColumns => ["age"];

    public ModelFrame Frame => new() { Used = 0, Variables = [] };

    public int NumericVersion => 1;

    public IBlockFitter CreateFitter() => new Fitter();

    private sealed class Fitter : IBlockFitter
    {
        public void Fit(in ScalarBlock block, in ResultBlock results)
        {
            var values = block.Scalars.Span[0];
            for (var element = 0; element < block.Count; element++)
            {
                var (sum, n) = (0.0, 0);
                foreach (var row in block.SubjectRows[0])
                {
                    var value = values.Singles.Span[(row * values.Stride) + element];
                    if (!float.IsFinite(value))
                        continue;
                    sum += value;
                    n++;
                }
                results[0, element] = sum / n;
                results[1, element] = n;
                results.Status[element] = ElementStatus.Fitted;
            }
        }

        public void Dispose() { }
    }
}
