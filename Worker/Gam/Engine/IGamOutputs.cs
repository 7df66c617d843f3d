using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Hypotheses;

namespace HpcFit.Worker.Gam.Engine;

/// <summary>What is stored of every fit: the columns, and how they are computed.</summary>
internal interface IGamOutputs
{
    /// <summary>The run's columns; those of curves follow the partial columns.</summary>
    ResultLayout Layout { get; }

    /// <summary>The name of a smooth in messages.</summary>
    /// <param name="smooth">A smooth of the model.</param>
    string Label(NamedSmooth smooth);

    /// <summary>Sentences about requests that have no effect.</summary>
    /// <param name="spec">The model.</param>
    IEnumerable<string> Ineffective(ModelSpec spec);

    /// <summary>The workspace of one thread.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hypotheses">Contrasts and F tests of its parametric part.</param>
    IGamStatistics CreateStatistics(GamModel model, IReadOnlyList<Hypothesis> hypotheses);
}

/// <summary>Computes the columns of an element's fit. A workspace; not thread-safe.</summary>
internal interface IGamStatistics
{
    /// <summary>Writes all partial columns of an element.</summary>
    /// <param name="fit">Its fit.</param>
    /// <param name="results">The block's results.</param>
    /// <param name="element">The element's index in the block.</param>
    void Write(IRowsFit fit, in ResultBlock results, int element);
}
