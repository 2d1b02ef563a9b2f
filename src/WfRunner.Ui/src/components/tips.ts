/** Shows the text of `data-tip` beside what the pointer rests on or the focus is in: one element for the whole page. */
export function installTips(): void {
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.id = 'tip';
  tip.setAttribute('role', 'tooltip');
  tip.setAttribute('popover', 'manual');
  document.body.append(tip);
  let timer = 0;
  let owner: Element | undefined;

  const hide = (): void => {
    clearTimeout(timer);
    owner?.removeAttribute('aria-describedby');
    owner = undefined;
    if (tip.matches(':popover-open')) tip.hidePopover();
  };
  const show = (target: Element): void => {
    tip.textContent = target.getAttribute('data-tip') ?? '';
    if (tip.textContent === '') return;
    owner = target;
    target.setAttribute('aria-describedby', tip.id);
    if (!tip.matches(':popover-open')) tip.showPopover();
    const at = target.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left + at.width / 2 - size.width / 2, innerWidth - size.width - 8));
    const above = at.top - size.height - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above >= 4 ? above : at.bottom + 6}px`;
  };
  const targetOf = (event: Event): Element | undefined =>
    event.target instanceof Element ? (event.target.closest('[data-tip]') ?? undefined) : undefined;

  document.addEventListener('pointerover', (event) => {
    const target = targetOf(event);
    if (target === owner) return;
    hide();
    if (target && event.pointerType !== 'touch') timer = window.setTimeout(() => target.isConnected && show(target), 350);
  });
  document.addEventListener('focusin', (event) => {
    const target = targetOf(event);
    if (target?.matches(':focus-visible')) show(target);
  });
  document.addEventListener('focusout', hide);
  document.addEventListener('keydown', (event) => event.key === 'Escape' && hide());
  document.addEventListener('pointerdown', hide);
  document.addEventListener('scroll', hide, { capture: true, passive: true });
}
